-- How many candidates there are, and where they ended.
-- grain: one row
-- reads: candidate, decision
SELECT
    count(*) AS candidates,
    count(*) FILTER (WHERE decision.is_audience) AS audience,
    count(*) FILTER (WHERE NOT decision.is_audience) AS excluded
FROM candidate
LEFT JOIN decision ON candidate.candidate_no = decision.candidate_no
