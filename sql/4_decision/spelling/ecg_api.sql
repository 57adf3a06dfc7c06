-- What the ECG list's interface hashes: the local part without dots, both spellings where a client keeps them, and the domain.
-- grain: candidate_no, spelt    reads: candidate, profile
SELECT
    candidate.candidate_no,
    replace(split_part(profile.email_address, '@', 1), '.', '') || '@' || split_part(profile.email_address, '@', -1) AS spelt
FROM candidate
INNER JOIN profile ON candidate.candidate_no = profile.profile_no
WHERE candidate.address_key IS NOT NULL
UNION ALL
SELECT candidate.candidate_no, profile.email_address AS spelt
FROM candidate
INNER JOIN profile ON candidate.candidate_no = profile.profile_no
WHERE candidate.address_key IS NOT NULL
UNION ALL
SELECT candidate.candidate_no, split_part(profile.email_address, '@', -1) AS spelt
FROM candidate
INNER JOIN profile ON candidate.candidate_no = profile.profile_no
WHERE candidate.address_key IS NOT NULL;
