-- Who gets the message: the candidates without a reason against them, and the campaign's control addresses.
-- The campaign's columns are joined by profile_no when the file is written; a control address has no profile.
-- grain: address
-- reads: candidate, decision, seed_address
SELECT
    candidate.address,
    candidate.profile_id,
    candidate.person_id,
    false AS is_seed,
    candidate.profile_no
FROM decision
INNER JOIN candidate ON decision.candidate_no = candidate.candidate_no
WHERE decision.is_audience
UNION ALL
SELECT
    seed_address.address,
    '' AS profile_id,
    '' AS person_id,
    true AS is_seed,
    CAST(NULL AS INTEGER) AS profile_no
FROM seed_address
