-- What a register hashes that keeps case: the address as it was written and as it is normalised, and `@domain`.
-- grain: candidate_no, spelt (may repeat)    as: query    reads: written
SELECT candidate_no, written AS spelt
FROM written
UNION ALL
SELECT candidate_no, '@' || split_part(written, '@', -1) AS spelt
FROM written
WHERE contains(written, '@');
