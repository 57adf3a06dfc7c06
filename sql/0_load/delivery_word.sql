-- The words of staged delivery rows, trimmed once, and whom they name. A blank channel is e-mail.
-- grain: row of the file    as: query    reads: timed
WITH told AS (
    SELECT
        timed.* REPLACE (
            id_of(timed.event_id) AS event_id, filled(timed.type) AS type, filled(timed.bounce_class) AS bounce_class,
            filled(timed.reason) AS reason, filled(timed.status_code) AS status_code, id_of(timed.campaign) AS campaign,
            id_of(timed.organisation) AS organisation, filled(timed.explanation) AS explanation,
            filled(timed.unknown_code) AS unknown_code
        )
    FROM timed
),

worded AS (
    SELECT
        *,
        lower(coalesce(type, '')) AS said_type,
        lower(coalesce(bounce_class, '')) AS said_class,
        CASE WHEN is_filled(channel) THEN word(channel) ELSE 'email' END AS said_channel,
        word(actor) AS said_actor,
        known_country(coalesce(organisation, loading('feed_organisation'))) AS own_country
    FROM told
)

SELECT
    *,
    said_type IN ('bounce', 'complaint', 'quarantine') AS is_restrictive,
    said_channel = 'any' OR address_kind_of(said_channel) IS NOT NULL AS is_known_channel,
    CASE WHEN organisation IS NOT NULL THEN own_country IS NOT NULL END AS is_known_organisation,
    coalesce(own_country, loading('feed_country')) AS region,
    CASE
        WHEN address_kind_of(said_channel) = 'postal' THEN filled(lower(address))
        WHEN contains(address, '@') THEN email_in(address)
        WHEN address_kind_of(said_channel) IS DISTINCT FROM 'email'
        THEN number_of(phone_in(address, coalesce(own_country, loading('feed_country'))), said_channel)
    END AS known_address
FROM worded;
