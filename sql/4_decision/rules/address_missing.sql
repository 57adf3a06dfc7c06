-- The profile's cell for the channel is empty; there is no stepping over to another address.
-- grain: candidate_no    as: query    reads: candidate
SELECT candidate_no
FROM candidate
WHERE NOT has_text;
