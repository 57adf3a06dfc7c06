-- The opt-out that speaks for each candidate and scope: the latest, then the smallest (source, event_id, way).
-- grain: candidate_no, scope    as: scratch table    reads: standing
WITH ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY candidate_no, scope
            ORDER BY occurred_from DESC, occurred_until DESC, source, event_id, reached_via, restriction_no
        ) AS place
    FROM standing
    WHERE kind IN ('opt_out', 'opt_out_confirm')
)

SELECT
    candidate_no,
    scope,
    reached_via,
    scope_id,
    source AS evidence_source,
    event_id AS evidence_event_id,
    occurred_from AS evidence_at,
    concat_ws(' ', CASE WHEN is_by_owner THEN 'by owner' ELSE 'by staff' END, reason) AS detail
FROM ranked
WHERE place = 1;
