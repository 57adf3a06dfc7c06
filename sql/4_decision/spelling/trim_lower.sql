-- What a register hashes: the address in lower case, as it is normalised and as it was written, and `@domain`.
-- grain: candidate_no, spelt (may repeat)    as: query    reads: written
SELECT candidate_no, lower(written) AS spelt
FROM written
UNION ALL
SELECT candidate_no, '@' || lower(split_part(written, '@', -1)) AS spelt
FROM written
WHERE contains(written, '@');
