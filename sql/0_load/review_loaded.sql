-- One file of messages that people must read, as ledger rows in the file's order: what somebody wrote that is no known word.
-- Such a row restricts nobody; a sender that cannot be read is kept as it came.
-- grain: row of the file    as: query    reads: timed
WITH read AS (
    SELECT
        timed.*,
        CASE WHEN address_kind_of(word(timed.channel)) IS NOT NULL THEN word(timed.channel) ELSE 'any' END AS known_channel,
        CASE
            WHEN contains(timed.address, '@') THEN email_in(timed.address)
            ELSE nullif(split_part(phone_in(timed.address, country_of(loading('feed_organisation'))), ' ', 1), '')
        END AS known_address
    FROM timed
)

SELECT
    load_key, record_number,
    fault,
    id_of(event_id) AS event_id,
    known_channel AS channel,
    CASE WHEN address IS DISTINCT FROM known_address THEN filled(address) END AS raw_address,
    known_address AS address,
    key_of(known_address) AS address_key,
    body,
    mapped_scope(scope_id) AS scope,
    coalesce(mapped_scope_id(scope_id), id_of(scope_id)) AS scope_id,
    not_later(time_from, received_at()) AS occurred_from,
    not_later(time_until, received_at()) AS occurred_until,
    filled(vendor_label) AS vendor_label,
    filled(unknown_code) AS unknown,
    country_of(loading('feed_organisation')) AS region,
    key_of(concat_ws(chr(31),
        loading('source'), coalesce(id_of(event_id), ''), known_channel, coalesce(known_address, filled(address), ''),
        coalesce(id_of(scope_id), ''), body, coalesce(epoch_us(time_from)::VARCHAR, unread_time, '0')
    )) AS event_key
FROM read;
