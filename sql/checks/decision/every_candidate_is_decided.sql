-- stop: every candidate ends as audience or excluded with a reason, once (promise 4).
-- grain: candidate    reads: candidate, decision
SELECT 1 AS unbalanced
FROM (SELECT count(*) AS candidates FROM candidate) AS all_candidates
CROSS JOIN (
    SELECT count(*) AS decided, count(*) FILTER (NOT is_audience AND primary_reason IS NULL) AS unexplained
    FROM decision
) AS verdicts
WHERE all_candidates.candidates <> verdicts.decided OR verdicts.unexplained > 0;
