-- Staged consent rows with whom they name, and the time that they count from and until. A restrictive event without a usable
-- time counts from the beginning of time until it was received (domain §2).
-- grain: row of the file    as: query    reads: consent_placed
WITH read AS (
    SELECT
        *,
        CASE
            WHEN address_kind_of(known_channel) = 'postal' THEN filled(lower(address))
            WHEN contains(address, '@') THEN email_in(address)
            WHEN address_kind_of(known_channel) = 'email' THEN NULL
            ELSE number_of(phone_in(address, region), said_channel)
        END AS known_address,
        profile_id IS NOT NULL AS has_profile,
        CASE WHEN is_filled(until) THEN tidy_time(until) END AS until_tidy,
        try_cast(max_messages AS INTEGER) AS most,
        try_cast(per_days AS INTEGER) AS days
    FROM consent_placed
)

SELECT
    *,
    CASE WHEN known_address IS NULL THEN is_filled(address) ELSE true END AS has_address,
    CASE WHEN address IS DISTINCT FROM known_address THEN filled(address) END AS raw_address,
    key_of(known_address) AS address_key,
    mailbox_of(known_address) AS mailbox,
    CASE WHEN is_standing THEN received_at() ELSE counted_from(time_from, is_restrictive) END AS occurred_from,
    CASE WHEN is_standing THEN received_at() ELSE counted_until(time_until, is_restrictive) END AS occurred_until
FROM read;
