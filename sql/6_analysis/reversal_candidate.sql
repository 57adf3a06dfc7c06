-- Restrictions that a snapshot once said and the newest snapshot of the same feed does not: it lifts nothing, and
-- somebody should look (domain §2 "a snapshot's silence").
-- grain: feed, organisation, profile_id, address, channel, reason, scope_id    as: table
-- reads: flag_said, load_now, consent_parquet, delivery_parquet, load, load_line
WITH snapshot AS (
    SELECT
        load.content_key,
        load.feed,
        load.feed_organisation,
        load.received_at,
        load_line.arrival_no = max(load_line.arrival_no) OVER (PARTITION BY load.feed, load.series, load_line.line) AS is_newest
    FROM load
    INNER JOIN load_line ON load.load_key = load_line.load_key
    WHERE load.is_snapshot
),

said AS (
    SELECT
        flag_said.feed,
        flag_said.organisation,
        flag_said.profile_id,
        NULL AS address,
        split_part(flag_said.flag, ':', 1) AS channel,
        split_part(flag_said.flag, ':', 2) AS reason,
        flag_said.organisation AS scope_id,
        flag_said.received_at,
        load_now.load_order IS NOT NULL AS is_newest
    FROM flag_said
    LEFT JOIN load_now ON flag_said.load_order = load_now.load_order AND flag_said.organisation = load_now.organisation
    UNION ALL
    SELECT
        snapshot.feed,
        coalesce(consent_parquet.profile_organisation, snapshot.feed_organisation),
        consent_parquet.profile_id,
        -- A profile may change its address: what was said of it is still said.
        CASE WHEN consent_parquet.profile_id IS NULL THEN consent_parquet.address END,
        consent_parquet.channel,
        coalesce(consent_parquet.reason, consent_parquet.action),
        consent_parquet.scope_id,
        snapshot.received_at,
        snapshot.is_newest
    FROM consent_parquet
    INNER JOIN snapshot ON consent_parquet.load_key = snapshot.content_key
    WHERE consent_parquet.fault IS NULL
    UNION ALL
    SELECT
        snapshot.feed,
        snapshot.feed_organisation,
        NULL,
        delivery_parquet.address,
        delivery_parquet.channel,
        coalesce(delivery_parquet.reason, delivery_parquet.type),
        NULL,
        snapshot.received_at,
        snapshot.is_newest
    FROM delivery_parquet
    INNER JOIN snapshot ON delivery_parquet.load_key = snapshot.content_key
    WHERE delivery_parquet.fault IS NULL
)

SELECT feed, organisation, profile_id, address, channel, reason, scope_id, max(received_at) AS last_said_at
FROM said
GROUP BY ALL
HAVING NOT bool_or(is_newest);
