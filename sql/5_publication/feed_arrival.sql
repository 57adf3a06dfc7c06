-- Every file that the ledger has read, with the four counts that add up, as the manifest lists it.
-- grain: feed, file, sha256    as: query
-- reads: feed_file
SELECT
    feed_file.feed,
    feed_file.source,
    feed_file.file,
    feed_file.sha256,
    feed_file.rows,
    feed_file.loaded,
    feed_file.duplicate,
    feed_file.ignored,
    feed_file.rejected,
    feed_file.is_refused,
    feed_file.received_at
FROM feed_file
ORDER BY feed_file.feed, feed_file.received_at, feed_file.file, feed_file.sha256
