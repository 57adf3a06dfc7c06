-- One file of consent events as ledger rows, in the file's order; a row that cannot be loaded says so in `fault`.
-- grain: row of the file    as: query    reads: consent_named
SELECT
    load_key, record_number, is_standing,
    CASE
        WHEN fault IS NOT NULL THEN fault
        WHEN NOT has_address AND NOT has_profile THEN 'nobody_named'
        WHEN has_address AND known_address IS NULL AND NOT (is_restrictive AND has_profile) THEN 'address_unreadable'
        WHEN NOT is_restrictive AND (occurred_from IS NULL OR occurred_until IS NULL) THEN 'time_unusable'
        WHEN NOT is_restrictive AND NOT is_known_channel THEN 'channel_unknown'
        WHEN NOT is_restrictive AND is_misplaced THEN 'scope_unknown'
        WHEN NOT is_restrictive AND has_profile AND profile_organisation IS NULL THEN 'organisation_unknown'
        WHEN known_action = 'frequency' AND max_messages IS NOT NULL AND NOT coalesce(most >= 0 AND days > 0, false)
        THEN 'frequency_unreadable'
    END AS fault,
    event_id,
    known_action AS action,
    known_channel AS channel,
    raw_address,
    known_address AS address,
    address_key, mailbox_key_of(known_address, address_key, mailbox) AS mailbox_key,
    profile_id,
    CASE WHEN has_profile THEN profile_organisation END AS profile_organisation,
    CASE WHEN has_profile THEN key_of(profile_organisation || chr(31) || profile_id) END AS profile_key,
    organisation,
    known_scope AS scope, known_scope_id AS scope_id,
    known_actor AS actor,
    known_via AS via,
    legal_basis,
    explanation,
    reason,
    reason_text,
    evidence,
    coalesce(exact_time(until_tidy), local_until(local_time(until_tidy) + written_day(until_tidy), loading('timezone')))
    + written_rest(until_tidy) AS paused_until,
    most AS max_messages,
    days AS per_days,
    occurred_from, occurred_until,
    coalesce(filled(vendor_label), action) AS vendor_label,
    unknown,
    region,
    key_of(concat_ws(chr(31),
        loading('source'), coalesce(event_id, ''), known_action, known_channel, coalesce(known_address, raw_address, ''),
        coalesce(first_called('organisation', profile_organisation), ''), coalesce(profile_id, ''),
        known_scope, first_called(known_scope, known_scope_id), known_actor,
        coalesce(known_via, ''), coalesce(epoch_us(time_from)::VARCHAR, unread_time, '0'),
        coalesce(epoch_us(told_until), 0)::VARCHAR, until,
        coalesce(most, -1)::VARCHAR, coalesce(days, -1)::VARCHAR
    )) AS event_key
FROM consent_named;
