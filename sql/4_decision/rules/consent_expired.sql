-- The only consent is older than the organisation accepts.
-- grain: candidate_no    as: query    reads: consent_missing, consent_given, consent_ended, permission
WITH lapsed AS (
    SELECT consent_given.candidate_no, consent_given.permission_no
    FROM consent_given
    INNER JOIN consent_missing ON consent_given.candidate_no = consent_missing.candidate_no
    LEFT JOIN consent_ended
        ON consent_given.candidate_no = consent_ended.candidate_no
        AND consent_given.permission_no = consent_ended.permission_no
        AND consent_given.scope_rank = consent_ended.scope_rank
    WHERE consent_missing.reason = 'consent_expired' AND consent_ended.permission_no IS NULL
),

ranked AS (
    SELECT
        lapsed.candidate_no,
        permission.scope_id,
        permission.source,
        permission.event_id,
        permission.occurred_from,
        row_number() OVER (
            PARTITION BY lapsed.candidate_no
            ORDER BY permission.occurred_from DESC, permission.occurred_until DESC, permission.source, permission.event_id
        ) AS place
    FROM lapsed
    INNER JOIN permission ON lapsed.permission_no = permission.permission_no
)

SELECT
    candidate_no,
    'address' AS reached_via,
    scope_id,
    source AS evidence_source,
    event_id AS evidence_event_id,
    occurred_from AS evidence_at
FROM ranked
WHERE place = 1;
