-- What people answered to messages that waited for them: of answers that say the same of one message, the first arrival's.
-- grain: review_id, answer    as: table    reads: answer_parquet, load
SELECT
    load.source,
    load.feed,
    load.file,
    coalesce(answer_parquet.record_number, answer_parquet.file_row_number + 1) AS row_number,
    load.received_at,
    answer_parquet.review_id,
    answer_parquet.answer,
    answer_parquet.answered_by
FROM answer_parquet
INNER JOIN load ON answer_parquet.load_key = load.load_key
WHERE answer_parquet.fault IS NULL
QUALIFY row_number() OVER (PARTITION BY answer_parquet.event_key ORDER BY load.load_order, answer_parquet.file_row_number) = 1;
