-- How many candidates each reason holds for, and for how many it is the primary one.
-- grain: reason    as: query
-- reads: exclusion
SELECT
    exclusion.reason,
    exclusion.rank,
    count(*) AS candidates,
    count(*) FILTER (WHERE exclusion.is_primary) AS primary_candidates
FROM exclusion
GROUP BY exclusion.reason, exclusion.rank
ORDER BY exclusion.rank
