-- Candidates with a request, or under double opt-in a single opt-in, that is later than every opt-out covering the campaign.
-- grain: candidate_no    as: scratch table    reads: allowed, reached, restriction_here, campaign
WITH opted_out AS (
    SELECT reached.candidate_no, max(restriction_here.occurred_until) AS last_until
    FROM reached
    INNER JOIN restriction_here ON reached.restriction_no = restriction_here.restriction_no
    WHERE restriction_here.kind IN ('opt_out', 'opt_out_confirm')
    GROUP BY reached.candidate_no
)

SELECT
    allowed.candidate_no,
    max_by(allowed.permission_no, (allowed.occurred_from, allowed.occurred_until)) AS permission_no,
    max(allowed.occurred_from) AS requested_at
FROM allowed
CROSS JOIN campaign
LEFT JOIN opted_out ON allowed.candidate_no = opted_out.candidate_no
WHERE allowed.is_unconfirmed
    AND allowed.scope_rank <= campaign.consent_rank
    AND (opted_out.last_until IS NULL OR allowed.occurred_from > opted_out.last_until)
GROUP BY allowed.candidate_no;
