-- Delivery events that stand in more than one row, and the first of those rows.
-- grain: event_key    as: scratch table    reads: delivery_parquet, load
SELECT
    delivery_parquet.event_key,
    min(load.delivery_first_row + delivery_parquet.file_row_number) AS first_no
FROM delivery_parquet
INNER JOIN load ON delivery_parquet.load_key = load.load_key
WHERE delivery_parquet.fault IS NULL AND NOT delivery_parquet.is_standing AND load.may_repeat
GROUP BY delivery_parquet.event_key
HAVING count(*) > 1;
