-- A pause that is known now does not end before the moment of contact; a pause without an end lasts until it is resumed.
-- grain: candidate_no    as: query    reads: standing, candidate, campaign
WITH ranked AS (
    SELECT
        standing.*,
        row_number() OVER (
            PARTITION BY standing.candidate_no
            ORDER BY standing.occurred_from DESC, standing.occurred_until DESC, standing.source, standing.event_id, standing.reached_via,
                standing.restriction_no
        ) AS place
    FROM standing
    CROSS JOIN campaign
    INNER JOIN candidate ON standing.candidate_no = candidate.candidate_no
    WHERE standing.kind = 'pause'
        AND candidate.address_key IS NOT NULL
        AND (standing.paused_until IS NULL OR standing.paused_until >= campaign.contact_at)
)

SELECT
    candidate_no,
    reached_via,
    scope_id,
    source AS evidence_source,
    event_id AS evidence_event_id,
    occurred_from AS evidence_at,
    'until ' || coalesce(CAST(paused_until AS VARCHAR), 'resumed') AS detail
FROM ranked
WHERE place = 1;
