-- The only consent is older than the organisation accepts.
-- grain: candidate_no    reads: consent_missing, consent_given, consent_ended
WITH ranked AS (
    SELECT
        consent_given.*,
        row_number() OVER (
            PARTITION BY consent_given.candidate_no
            ORDER BY consent_given.occurred_from DESC, consent_given.occurred_until DESC, consent_given.source, consent_given.event_id
        ) AS place
    FROM consent_given
    LEFT JOIN consent_ended
        ON consent_given.candidate_no = consent_ended.candidate_no AND consent_given.permission_no = consent_ended.permission_no
    WHERE consent_ended.permission_no IS NULL
)

SELECT
    ranked.candidate_no,
    'address' AS reached_via,
    ranked.scope_id,
    ranked.source AS evidence_source,
    ranked.event_id AS evidence_event_id,
    ranked.occurred_from AS evidence_at
FROM ranked
INNER JOIN consent_missing ON ranked.candidate_no = consent_missing.candidate_no
WHERE ranked.place = 1 AND consent_missing.reason = 'consent_expired';
