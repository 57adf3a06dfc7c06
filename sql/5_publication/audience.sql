-- Who gets the message: the candidates without a reason against them, and the campaign's control addresses.
-- The campaign's columns are joined by profile_no when the file is written; a control address has no profile.
-- grain: address
-- reads: candidate_record, decision, seed_address
SELECT
    candidate_record.address,
    candidate_record.profile_id,
    candidate_record.person_id,
    false AS is_seed,
    candidate_record.profile_no
FROM decision
INNER JOIN candidate_record ON decision.candidate_no = candidate_record.candidate_no
WHERE decision.is_audience
UNION ALL
SELECT
    seed_address.address,
    '' AS profile_id,
    '' AS person_id,
    true AS is_seed,
    CAST(NULL AS INTEGER) AS profile_no
FROM seed_address
