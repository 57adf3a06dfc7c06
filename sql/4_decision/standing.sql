-- The restrictions that stand against each candidate: those that nothing lifts.
-- grain: candidate_no, restriction_no    as: scratch table    reads: reached, restriction_here, lift
SELECT
    reached.candidate_no,
    reached.restriction_no,
    reached.reached_via,
    restriction_here.kind,
    restriction_here.is_by_owner,
    restriction_here.scope,
    restriction_here.scope_id,
    restriction_here.occurred_from,
    restriction_here.occurred_until,
    restriction_here.paused_until,
    restriction_here.max_messages,
    restriction_here.per_days,
    restriction_here.source,
    restriction_here.event_id,
    restriction_here.reason
FROM reached
INNER JOIN restriction_here ON reached.restriction_no = restriction_here.restriction_no
LEFT JOIN (SELECT DISTINCT candidate_no, restriction_no FROM lift WHERE is_inside) AS lifted
    ON reached.candidate_no = lifted.candidate_no AND reached.restriction_no = lifted.restriction_no
WHERE lifted.restriction_no IS NULL;
