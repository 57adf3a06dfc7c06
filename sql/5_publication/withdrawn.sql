-- Who of a published audience is excluded now, with the primary reason, all reasons and the primary one's evidence. A row whose
-- profile is gone, left the segment or has another address cannot be judged any more: it is withdrawn too.
-- grain: address    as: scratch table
-- reads: published, candidate_record, exclusion, withdrawn_seed
WITH judged AS (
    SELECT published.address, published.profile_id, published.person_id, candidate_record.candidate_no
    FROM published
    LEFT JOIN candidate_record
        ON published.profile_id = candidate_record.profile_id AND published.address = candidate_record.address
    WHERE NOT published.is_seed
),

every_reason AS (
    SELECT candidate_no, string_agg(reason, ' ' ORDER BY rank) AS reasons
    FROM exclusion
    GROUP BY candidate_no
)

SELECT
    judged.address,
    judged.profile_id,
    judged.person_id,
    false AS is_seed,
    exclusion.reason,
    every_reason.reasons,
    exclusion.reached_via,
    exclusion.scope_id,
    exclusion.evidence_source,
    exclusion.evidence_event_id,
    exclusion.evidence_at,
    exclusion.detail
FROM judged
INNER JOIN exclusion ON judged.candidate_no = exclusion.candidate_no AND exclusion.is_primary
INNER JOIN every_reason ON judged.candidate_no = every_reason.candidate_no
UNION ALL
SELECT
    address, profile_id, person_id, false AS is_seed, 'no_candidate' AS reason, 'no_candidate' AS reasons, NULL AS reached_via,
    NULL AS scope_id, NULL AS evidence_source, NULL AS evidence_event_id, NULL AS evidence_at,
    'its profile is gone, left the segment or has another address' AS detail
FROM judged
WHERE candidate_no IS NULL
UNION ALL
SELECT
    address, NULL AS profile_id, NULL AS person_id, true AS is_seed, reason, reasons, NULL AS reached_via, NULL AS scope_id,
    evidence_source, evidence_event_id, evidence_at, NULL AS detail
FROM withdrawn_seed;
