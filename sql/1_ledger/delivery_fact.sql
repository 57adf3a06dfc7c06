-- Delivery events, each once, with the organisation whose message it was: the row's, else the campaign's, else the feed's.
-- There is none where the row names one that the configuration does not have.
-- What a snapshot says without a time counts as of the first of its run.
-- grain: event_no    as: table
-- reads: delivery_parquet, load, delivery_repeat, delivery_standing, delivery_unfounded, campaign_place, organisation_setting
SELECT
    coalesce(delivery_standing.event_no, load.delivery_first_row + delivery_parquet.file_row_number) AS event_no,
    load.source,
    load.feed,
    load.file,
    coalesce(delivery_parquet.record_number, delivery_parquet.file_row_number + 1) AS row_number,
    coalesce(delivery_standing.received_at, load.received_at) AS received_at,
    delivery_parquet.* EXCLUDE (
        load_key, record_number, is_standing, fault, file_row_number, region, event_key, organisation, is_known_organisation
    ) REPLACE (
        coalesce(delivery_standing.received_at, delivery_parquet.occurred_from) AS occurred_from,
        coalesce(delivery_standing.received_at, delivery_parquet.occurred_until) AS occurred_until
    ),
    CASE
        WHEN delivery_parquet.organisation IS NOT NULL THEN organisation_setting.organisation
        ELSE coalesce(campaign_place.organisation, load.feed_organisation)
    END AS organisation
FROM delivery_parquet
INNER JOIN load ON delivery_parquet.load_key = load.load_key
LEFT JOIN organisation_setting ON delivery_parquet.organisation = organisation_setting.organisation
LEFT JOIN campaign_place ON delivery_parquet.campaign = campaign_place.campaign
LEFT JOIN delivery_repeat ON delivery_parquet.event_key = delivery_repeat.event_key
LEFT JOIN delivery_standing ON load.delivery_first_row + delivery_parquet.file_row_number = delivery_standing.row_no
WHERE delivery_parquet.fault IS NULL
    AND delivery_parquet.event_key NOT IN (SELECT event_key FROM delivery_unfounded)
    AND CASE
        WHEN delivery_parquet.is_standing THEN delivery_standing.row_no IS NOT NULL
        ELSE delivery_repeat.first_no IS NULL OR delivery_repeat.first_no = load.delivery_first_row + delivery_parquet.file_row_number
    END;
