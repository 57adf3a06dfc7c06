-- From candidates to audience: for each published run, how many each primary reason took out, in the order of the ranks.
-- grain: run_id, reason    as: view    reads: run, exclusion
SELECT
    run.run_id,
    run.organisation,
    run.campaign,
    run.as_of,
    run.candidates,
    run.audience,
    exclusion.rank,
    exclusion.reason,
    count(*) AS excluded
FROM run
INNER JOIN exclusion ON run.run_id = exclusion.run_id AND exclusion.is_primary
GROUP BY ALL
ORDER BY run.run_id, exclusion.rank;
