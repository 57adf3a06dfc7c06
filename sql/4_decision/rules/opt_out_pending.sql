-- An opt-out was requested, and neither confirmed nor cancelled, and its days have not passed (domain §4 "double opt-out").
-- grain: candidate_no    reads: standing, candidate, campaign, reached, restriction_here
WITH pending AS (
    SELECT
        standing.*,
        row_number() OVER (
            PARTITION BY standing.candidate_no
            ORDER BY standing.occurred_from DESC, standing.occurred_until DESC, standing.source, standing.event_id, standing.restriction_no
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
            FROM reached
            INNER JOIN restriction_here ON reached.restriction_no = restriction_here.restriction_no
            WHERE reached.candidate_no = standing.candidate_no
                AND restriction_here.kind = 'opt_out_confirm'
                AND restriction_here.scope = standing.scope
                AND restriction_here.scope_id = standing.scope_id
                AND restriction_here.occurred_from >= standing.occurred_from
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
