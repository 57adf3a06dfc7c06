-- What people have to read, answered or not, each once: what somebody wrote and no word of ours covers, and reports that name nobody of
-- ours. Of rows that say the same to one organisation, the first arrival's. `review_id` stays when the file is read anew under other
-- settings; it is a letter and 16 hexadecimal digits, which a spreadsheet leaves alone.
-- grain: feed, file, row_number    as: table    reads: review_parquet, delivery_parquet, delivery_unfounded, load
WITH waiting AS (
    SELECT
        load_key, record_number, file_row_number, event_key, event_id, channel, raw_address, address, address_key, body, scope, scope_id,
        occurred_from, occurred_until, vendor_label, true AS is_by_owner
    FROM review_parquet
    WHERE fault IS NULL
    UNION ALL
    SELECT
        load_key, record_number, file_row_number, event_key, event_id, channel, raw_address, address, address_key,
        concat_ws(': ', type, diagnostic) AS body, NULL AS scope, NULL AS scope_id, occurred_from, occurred_until,
        'reports nobody whom a message of ours went to' AS vendor_label, false AS is_by_owner
    FROM delivery_parquet
    WHERE event_key IN (SELECT event_key FROM delivery_unfounded)
)

SELECT
    load.source,
    load.feed,
    load.file,
    coalesce(waiting.record_number, waiting.file_row_number + 1) AS row_number,
    load.received_at,
    'r' || left(md5(concat_ws(chr(31),
        load.source, coalesce(waiting.event_id, ''), waiting.channel, coalesce(waiting.raw_address, waiting.address, ''), waiting.body,
        coalesce(epoch_us(waiting.occurred_from)::VARCHAR, '')
    )), 16) AS review_id,
    waiting.* EXCLUDE (load_key, record_number, file_row_number, event_key)
FROM waiting
INNER JOIN load ON waiting.load_key = load.load_key
QUALIFY row_number() OVER (PARTITION BY waiting.event_key, load.feed_organisation ORDER BY load.load_order, waiting.file_row_number) = 1;
