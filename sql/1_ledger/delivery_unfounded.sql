-- Reports of a mailbox that name nobody whom a message of ours went to, where that is known: where messages of the report's campaign are
-- known, or, of none, of its organisation in the thirty days before. Anybody can write such a report (domain §5 "Whose bounce").
-- grain: event_key    as: scratch table    reads: delivery_parquet, load, campaign_place
WITH told AS (
    SELECT
        delivery_parquet.event_key,
        delivery_parquet.type,
        load.source,
        coalesce(split_part(delivery_parquet.event_id, '#', 1), CAST(delivery_parquet.event_key AS VARCHAR)) AS message_id,
        coalesce(delivery_parquet.mailbox_key, delivery_parquet.address_key) AS mailbox_key,
        delivery_parquet.channel,
        delivery_parquet.campaign,
        coalesce(delivery_parquet.organisation, campaign_place.organisation, load.feed_organisation, '') AS organisation,
        CAST(delivery_parquet.occurred_until AS DATE) AS happened_on
    FROM delivery_parquet
    INNER JOIN load ON delivery_parquet.load_key = load.load_key
    LEFT JOIN campaign_place ON delivery_parquet.campaign = campaign_place.campaign
    WHERE delivery_parquet.fault IS NULL AND delivery_parquet.type IN ('sent', 'delivered', 'bounce', 'complaint')
),

went AS (
    SELECT DISTINCT mailbox_key, channel, campaign, organisation, happened_on FROM told WHERE type IN ('sent', 'delivered')
),

named AS (
    SELECT * FROM told WHERE source = 'mailbox' AND type IN ('bounce', 'complaint')
),

comparable AS (
    SELECT named.event_key
    FROM named
    INNER JOIN (SELECT DISTINCT channel, campaign FROM went) AS known
        ON named.channel = known.channel AND named.campaign = known.campaign
    UNION
    SELECT named.event_key
    FROM named
    INNER JOIN (SELECT DISTINCT channel, organisation, happened_on FROM went) AS known
        ON named.channel = known.channel
        AND named.organisation = known.organisation
        AND known.happened_on BETWEEN named.happened_on - INTERVAL 30 DAY AND named.happened_on
    WHERE named.campaign IS NULL
),

judged AS (
    SELECT named.message_id, count(ours.mailbox_key) > 0 AS is_ours
    FROM named
    LEFT JOIN (SELECT DISTINCT channel, mailbox_key FROM went) AS ours
        ON named.channel = ours.channel AND named.mailbox_key = ours.mailbox_key
    GROUP BY named.message_id
)

SELECT DISTINCT named.event_key
FROM named
INNER JOIN comparable ON named.event_key = comparable.event_key
INNER JOIN judged ON named.message_id = judged.message_id
WHERE NOT judged.is_ours;
