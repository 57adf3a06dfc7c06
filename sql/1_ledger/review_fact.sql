-- What people wrote and no word of ours covers, each once: of rows that say the same, the first arrival's.
-- grain: feed, file, row_number    reads: review_parquet, load
SELECT
    load.source,
    load.feed,
    load.file,
    coalesce(review_parquet.record_number, review_parquet.file_row_number + 1) AS row_number,
    load.received_at,
    review_parquet.* EXCLUDE (load_key, record_number, fault, file_row_number, unknown, region, event_key)
FROM review_parquet
INNER JOIN load ON review_parquet.load_key = load.load_key
WHERE review_parquet.fault IS NULL
QUALIFY row_number() OVER (PARTITION BY review_parquet.event_key ORDER BY load.load_order, review_parquet.file_row_number) = 1;
