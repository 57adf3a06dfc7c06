-- When each feed's newest file that was taken arrived, and how its rows were counted.
-- grain: feed    as: view    reads: feed_file
SELECT
    feed,
    source,
    max(received_at) FILTER (WHERE NOT is_refused) AS newest_at,
    count(*) FILTER (WHERE NOT is_refused) AS files,
    count(*) FILTER (WHERE is_refused) AS refused_files,
    sum(rows) AS rows,
    sum(loaded) AS loaded,
    sum(duplicate) AS duplicate,
    sum(ignored) AS ignored,
    sum(rejected) AS rejected
FROM feed_file
GROUP BY feed, source
ORDER BY feed;
