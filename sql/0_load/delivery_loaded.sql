-- One file of delivery events as ledger rows, in the file's order; a row that cannot be loaded says so in `fault`, one
-- that is no event (a deferral, an open) is 'ignored'. The class of a bounce follows domain §5: codes before labels.
-- grain: row of the file    as: query    reads: delivery_word
WITH dated AS (
    SELECT
        *,
        key_of(known_address) AS address_key,
        mailbox_of(known_address) AS mailbox,
        CASE WHEN is_standing THEN received_at() ELSE counted_from(time_from, is_restrictive) END AS occurred_from,
        CASE WHEN is_standing THEN received_at() ELSE counted_until(time_until, is_restrictive) END AS occurred_until,
        CASE
            WHEN said_type = 'bounce' THEN bounce_reading(coalesce(status_code, ''), diagnostic, said_class, lower(coalesce(reason, '')))
        END AS reading
    FROM delivery_word
)

SELECT
    load_key, record_number, is_standing,
    CASE
        WHEN fault IS NOT NULL THEN fault
        WHEN said_type IN ('deferred', 'deferral', 'delayed', 'delay', 'open', 'opened', 'click', 'clicked', 'processed') THEN 'ignored'
        WHEN said_type NOT IN ('bounce', 'complaint', 'delivered', 'sent', 'auto_reply', 'quarantine', 'release') THEN 'type_unknown'
        WHEN known_address IS NULL THEN CASE WHEN trim(address) = '' THEN 'address_missing' ELSE 'address_unreadable' END
        WHEN occurred_from IS NULL OR occurred_until IS NULL THEN 'time_unusable'
        WHEN NOT is_restrictive AND NOT is_known_channel THEN 'channel_unknown'
        WHEN said_type = 'release' AND said_actor NOT IN ('staff', 'staff_four_eyes') THEN 'release_not_by_staff'
        WHEN said_type = 'release' AND explanation IS NULL THEN 'explanation_missing'
    END AS fault,
    event_id,
    said_type AS type,
    CASE WHEN is_known_channel THEN said_channel ELSE 'any' END AS channel,
    CASE WHEN address IS DISTINCT FROM known_address THEN filled(address) END AS raw_address,
    known_address AS address,
    address_key, mailbox_key_of(known_address, address_key, mailbox) AS mailbox_key,
    split_part(reading, ' ', 1) AS bounce_class,
    CASE WHEN split_part(reading, ' ', 2) = 'mailbox_full' THEN 'mailbox_full' ELSE reason END AS reason,
    status_code, filled(diagnostic) AS diagnostic, campaign, organisation, is_known_organisation,
    CASE WHEN said_actor IN ('owner', 'staff', 'staff_four_eyes', 'import', 'system', 'provider') THEN said_actor END AS actor,
    explanation, occurred_from, occurred_until,
    coalesce(filled(vendor_label), CASE WHEN bounce_class IS NULL THEN type ELSE concat_ws(' ', type, bounce_class) END) AS vendor_label,
    CASE
        WHEN unknown_code IS NOT NULL OR NOT is_known_channel OR NOT is_known_organisation
            OR (said_type = 'bounce' AND said_class NOT IN ('', 'hard', 'soft', 'block', 'undetermined'))
        THEN concat_ws('; ',
            unknown_code,
            CASE WHEN NOT is_known_channel THEN 'channel ' || said_channel END,
            CASE WHEN NOT is_known_organisation THEN 'organisation ' || organisation END,
            CASE
                WHEN said_type = 'bounce' AND said_class NOT IN ('', 'hard', 'soft', 'block', 'undetermined')
                THEN 'bounce_class ' || said_class
            END
        )
    END AS unknown,
    region,
    key_of(concat_ws(chr(31),
        loading('source'), coalesce(event_id, ''), said_type, said_channel, coalesce(known_address, ''), coalesce(reading, ''),
        coalesce(first_called('organisation', organisation), ''), coalesce(campaign, ''), said_actor,
        coalesce(epoch_us(time_from)::VARCHAR, unread_time, '0'),
        coalesce(epoch_us(told_until), 0)::VARCHAR
    )) AS event_key
FROM dated;
