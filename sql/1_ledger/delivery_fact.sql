-- Delivery events, each once, with the organisation whose message it was: the row's, else the campaign's, else the feed's.
-- grain: event_no    reads: delivery_parquet, load, delivery_repeat, campaign_place
SELECT
    load.delivery_first_row + delivery_parquet.file_row_number AS event_no,
    load.source,
    load.feed,
    load.file,
    delivery_parquet.file_row_number + 1 AS row_number,
    load.received_at,
    delivery_parquet.* EXCLUDE (load_key, fault, file_row_number, region, event_key, organisation, is_known_organisation),
    CASE
        WHEN NOT delivery_parquet.is_known_organisation THEN NULL
        ELSE coalesce(delivery_parquet.organisation, campaign_place.organisation, load.feed_organisation)
    END AS organisation
FROM delivery_parquet
INNER JOIN load ON delivery_parquet.load_key = load.load_key
LEFT JOIN campaign_place ON delivery_parquet.campaign = campaign_place.campaign
LEFT JOIN delivery_repeat ON delivery_parquet.event_key = delivery_repeat.event_key
WHERE delivery_parquet.fault IS NULL
    AND (delivery_repeat.first_no IS NULL OR delivery_repeat.first_no = load.delivery_first_row + delivery_parquet.file_row_number);
