-- How many candidates there are, and where they ended.
-- grain: one row    as: query
-- reads: candidate, exclusion
SELECT
    counted.candidates,
    counted.candidates - reasoned.excluded AS audience,
    reasoned.excluded
FROM (SELECT count(*) AS candidates FROM candidate) AS counted
CROSS JOIN (SELECT count(*) AS excluded FROM exclusion WHERE is_primary) AS reasoned
