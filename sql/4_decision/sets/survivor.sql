-- Candidates that no reason speaks against so far, with what a choice between them looks at.
-- grain: candidate_no    as: scratch view    reads: candidate, exclusion_found, consent_current
SELECT
    candidate.candidate_no,
    candidate.person_key,
    candidate.person_now_key,
    candidate.has_other_profile,
    candidate.address_key,
    consent_current.valid_at AS consented_at,
    candidate.updated_at
FROM candidate
LEFT JOIN consent_current ON candidate.candidate_no = consent_current.candidate_no
WHERE NOT EXISTS (SELECT 1 FROM exclusion_found WHERE exclusion_found.candidate_no = candidate.candidate_no);
