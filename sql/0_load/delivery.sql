-- One file of delivery events as ledger rows, in the file's order; a row that cannot be loaded says so in `fault`, one
-- that is no event (a deferral, an open) is 'ignored'. The class of a bounce follows domain §5: codes before labels.
-- grain: row of the file    reads: timed
WITH worded AS (
    SELECT
        timed.*,
        word(timed.type) AS said_type,
        CASE WHEN trim(timed.channel) = '' THEN 'email' ELSE word(timed.channel) END AS said_channel,
        word(timed.actor) AS said_actor,
        filled(timed.organisation) AS row_organisation,
        country_of(coalesce(filled(timed.organisation), loading('feed_organisation'))) AS region
    FROM timed
),

read AS (
    SELECT
        *,
        said_type IN ('bounce', 'complaint', 'quarantine') AS is_restrictive,
        said_channel IN ('email', 'sms', 'phone', 'post', 'any') AS is_known_channel,
        CASE
            WHEN said_channel = 'post' THEN filled(lower(address))
            WHEN contains(address, '@') THEN email_in(address)
            WHEN said_channel <> 'email' THEN nullif(split_part(phone_in(address, region), ' ', 1), '')
        END AS known_address
    FROM worded
),

dated AS (
    SELECT
        *,
        CASE WHEN is_standing THEN received_at() ELSE counted_from(time_from, is_restrictive) END AS occurred_from,
        CASE WHEN is_standing THEN received_at() ELSE counted_until(time_until, is_restrictive) END AS occurred_until,
        CASE WHEN said_type = 'bounce' THEN bounce_reading(trim(status_code), diagnostic, word(bounce_class), word(reason)) END AS reading
    FROM read
)

SELECT
    load_key, record_number, is_standing,
    CASE
        WHEN fault IS NOT NULL THEN fault
        WHEN said_type IN ('deferred', 'deferral', 'delayed', 'delay', 'open', 'opened', 'click', 'clicked', 'processed') THEN 'ignored'
        WHEN said_type NOT IN ('bounce', 'complaint', 'delivered', 'sent', 'auto_reply', 'quarantine', 'release') THEN 'type_unknown'
        WHEN trim(address) = '' THEN 'address_missing'
        WHEN known_address IS NULL THEN 'address_unreadable'
        WHEN occurred_from IS NULL OR occurred_until IS NULL THEN 'time_unusable'
        WHEN NOT is_restrictive AND NOT is_known_channel THEN 'channel_unknown'
        WHEN said_type = 'release' AND said_actor NOT IN ('staff', 'staff_four_eyes') THEN 'release_not_by_staff'
        WHEN said_type = 'release' AND filled(explanation) IS NULL THEN 'explanation_missing'
    END AS fault,
    filled(event_id) AS event_id,
    said_type AS type,
    CASE WHEN is_known_channel THEN said_channel ELSE 'any' END AS channel,
    CASE WHEN address IS DISTINCT FROM known_address THEN filled(address) END AS raw_address,
    known_address AS address,
    key_of(known_address) AS address_key, mailbox_key_of(known_address) AS mailbox_key,
    split_part(reading, ' ', 1) AS bounce_class,
    CASE WHEN split_part(reading, ' ', 2) = 'mailbox_full' THEN 'mailbox_full' ELSE filled(reason) END AS reason,
    filled(status_code) AS status_code, filled(diagnostic) AS diagnostic,
    filled(campaign) AS campaign,
    row_organisation AS organisation,
    is_known_organisation(row_organisation) AS is_known_organisation,
    CASE WHEN said_actor IN ('owner', 'staff', 'staff_four_eyes', 'import', 'system', 'provider') THEN said_actor END AS actor,
    filled(explanation) AS explanation,
    occurred_from, occurred_until,
    coalesce(filled(vendor_label), filled(concat_ws(' ', filled(type), filled(bounce_class)))) AS vendor_label,
    filled(concat_ws('; ',
        filled(unknown_code), CASE WHEN NOT is_known_channel THEN 'channel ' || said_channel END,
        CASE WHEN NOT is_known_organisation(row_organisation) THEN 'organisation ' || row_organisation END,
        CASE
            WHEN said_type = 'bounce' AND word(bounce_class) NOT IN ('', 'hard', 'soft', 'block', 'undetermined')
            THEN 'bounce_class ' || word(bounce_class)
        END
    )) AS unknown,
    region,
    key_of(concat_ws(chr(31),
        loading('source'), coalesce(filled(event_id), ''), said_type, said_channel, coalesce(known_address, ''), coalesce(reading, ''),
        coalesce(row_organisation, ''), trim(campaign), said_actor,
        coalesce(epoch_us(time_from), 0)::VARCHAR, coalesce(epoch_us(time_until), 0)::VARCHAR
    )) AS event_key
FROM dated;
