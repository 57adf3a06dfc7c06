-- One file of consent events as ledger rows, in the file's order; a row that cannot be loaded says so in `fault`.
-- A restrictive event without a usable time counts from the beginning of time until it was received (domain §2).
-- grain: row of the file    reads: consent_placed
WITH read AS (
    SELECT
        consent_placed.*,
        country_of(consent_placed.profile_organisation) AS region,
        CASE WHEN contains(consent_placed.address, '@') THEN email_in(consent_placed.address) END AS email_address,
        CASE
            WHEN known_channel NOT IN ('email', 'post') AND NOT contains(consent_placed.address, '@')
            THEN split_part(phone_in(consent_placed.address, country_of(consent_placed.profile_organisation)), ' ', 1)
        END AS phone_number,
        trim(consent_placed.address) <> '' AS has_address,
        trim(consent_placed.profile_id) <> '' AS has_profile,
        CASE WHEN trim(consent_placed.until) <> '' THEN tidy_time(consent_placed.until) END AS until_tidy
    FROM consent_placed
),

named AS (
    SELECT
        *,
        CASE
            WHEN NOT has_address THEN NULL
            WHEN known_channel = 'post' THEN lower(trim(address))
            WHEN contains(address, '@') THEN email_address
            ELSE nullif(phone_number, '')
        END AS known_address,
        CASE WHEN is_standing THEN received_at() ELSE counted_from(time_from, is_restrictive) END AS occurred_from,
        CASE WHEN is_standing THEN received_at() ELSE counted_until(time_until, is_restrictive) END AS occurred_until,
        try_cast(filled(max_messages) AS INTEGER) AS most,
        try_cast(filled(per_days) AS INTEGER) AS days
    FROM read
)

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
        WHEN known_action = 'frequency' AND filled(max_messages) IS NOT NULL AND NOT coalesce(most >= 0 AND days > 0, false)
        THEN 'frequency_unreadable'
    END AS fault,
    filled(event_id) AS event_id,
    known_action AS action,
    known_channel AS channel,
    CASE WHEN address IS DISTINCT FROM known_address THEN filled(address) END AS raw_address,
    known_address AS address,
    key_of(known_address) AS address_key, mailbox_key_of(known_address) AS mailbox_key,
    filled(profile_id) AS profile_id,
    CASE WHEN has_profile THEN profile_organisation END AS profile_organisation,
    CASE WHEN has_profile THEN key_of(profile_organisation || chr(31) || trim(profile_id)) END AS profile_key,
    filled(organisation) AS organisation,
    known_scope AS scope, known_scope_id AS scope_id,
    known_actor AS actor,
    known_via AS via,
    filled(legal_basis) AS legal_basis,
    filled(explanation) AS explanation,
    filled(reason) AS reason,
    filled(reason_text) AS reason_text,
    filled(evidence) AS evidence,
    coalesce(exact_time(until_tidy), local_until(local_time(until_tidy) + written_day(until_tidy), loading('timezone')))
    + written_rest(until_tidy) AS paused_until,
    most AS max_messages,
    days AS per_days,
    occurred_from, occurred_until,
    coalesce(filled(vendor_label), filled(action)) AS vendor_label,
    unknown,
    region,
    key_of(concat_ws(chr(31),
        loading('source'), coalesce(filled(event_id), ''), known_action, known_channel, coalesce(known_address, filled(address), ''),
        coalesce(profile_organisation, ''), coalesce(filled(profile_id), ''), known_scope, known_scope_id, known_actor,
        coalesce(known_via, ''), coalesce(epoch_us(time_from), 0)::VARCHAR, coalesce(epoch_us(time_until), 0)::VARCHAR, until,
        coalesce(most, -1)::VARCHAR, coalesce(days, -1)::VARCHAR
    )) AS event_key
FROM named;
