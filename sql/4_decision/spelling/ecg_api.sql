-- What the ECG list's interface hashes: the local part without dots, or with them where a client keeps them, and the domain.
-- grain: candidate_no, spelt (may repeat)    as: query    reads: written
SELECT candidate_no, replace(split_part(lower(written), '@', 1), '.', '') || '@' || lower(split_part(written, '@', -1)) AS spelt
FROM written
WHERE contains(written, '@')
UNION ALL
SELECT candidate_no, lower(written) AS spelt
FROM written
WHERE contains(written, '@')
UNION ALL
SELECT candidate_no, lower(split_part(written, '@', -1)) AS spelt
FROM written
WHERE contains(written, '@');
