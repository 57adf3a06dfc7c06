-- An opt-out was requested, and neither confirmed nor cancelled, and its days have not passed (domain §4 "double opt-out").
-- A confirmation that was lifted ends no request that was not: else one event more would let somebody in.
-- grain: candidate_no    as: query    reads: standing, candidate, campaign
WITH pending AS (
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
    WHERE standing.kind = 'opt_out_request'
        AND campaign.is_pending_held
        AND standing.occurred_until > campaign.pending_lapsed_at
        AND candidate.address_key IS NOT NULL
        AND NOT EXISTS (
            SELECT 1
            FROM standing AS confirmed
            WHERE confirmed.candidate_no = standing.candidate_no
                AND confirmed.kind = 'opt_out_confirm'
                AND confirmed.scope = standing.scope
                AND confirmed.scope_id = standing.scope_id
                AND confirmed.occurred_from >= standing.occurred_from
        )
)

SELECT
    candidate_no,
    reached_via,
    scope_id,
    source AS evidence_source,
    event_id AS evidence_event_id,
    occurred_from AS evidence_at
FROM pending
WHERE place = 1;
