-- One file of profiles as ledger rows, in the file's order; a row that cannot be loaded says so in `fault`.
-- A text that equals its normal form is not kept twice: `email` and `phone` are NULL then.
-- grain: row of the file    as: query    reads: timed
WITH told AS (
    SELECT
        timed.* REPLACE (coalesce(id_of(timed.profile_id), '') AS profile_id),
        coalesce(id_of(timed.organisation), loading('feed_organisation')) AS owner,
        -- What says nothing, or that there is no number yet, is no key (domain §8).
        CASE WHEN NOT is_no_id(timed.external_id) THEN id_of(timed.external_id) END AS external_name
    FROM timed
),

placed AS (
    SELECT
        *,
        coalesce(country_in(country), country_of(owner)) AS region,
        email_in(email) AS email_address
    FROM told
),

read AS (
    SELECT
        *,
        key_of(email_address) AS email_key,
        mailbox_of(email_address) AS mailbox,
        CASE WHEN phone <> '' THEN plain_phone(phone, region) END AS plain_number
    FROM placed
),

dialled AS (
    SELECT
        *,
        CASE WHEN plain_number IS NULL AND is_filled(phone) THEN library_phone(phone, region) END AS number_and_line
    FROM read
),

numbered AS (
    SELECT
        *,
        coalesce(plain_number, nullif(split_part(number_and_line, ' ', 1), '')) AS phone_number,
        CASE WHEN plain_number IS NOT NULL THEN plain_line(plain_number) ELSE split_part(number_and_line, ' ', 2) END AS phone_line
    FROM dialled
)

SELECT
    load_key, record_number,
    CASE
        WHEN fault IS NOT NULL THEN fault
        WHEN profile_id = '' THEN 'profile_id_missing'
        WHEN owner IS NULL THEN 'organisation_missing'
        WHEN NOT is_known_organisation(owner) THEN 'organisation_unknown'
        WHEN has_operation AND NOT starts_with(operation, chr(31)) AND word(operation) NOT IN ('', 'upsert', 'delete')
            THEN 'operation_unknown'
    END AS fault,
    CASE
        WHEN NOT has_operation THEN 'snapshot'
        WHEN starts_with(operation, chr(31)) THEN substr(operation, 2)
        WHEN word(operation) = 'delete' THEN 'delete'
        ELSE 'upsert'
    END AS operation,
    owner AS organisation,
    profile_id,
    key_of(owner || chr(31) || profile_id) AS profile_key,
    CASE WHEN email IS DISTINCT FROM email_address THEN email END AS email,
    email_address,
    email_key,
    mailbox_key_of(email_address, email_key, mailbox) AS mailbox_key,
    CASE WHEN phone IS DISTINCT FROM phone_number THEN phone END AS phone,
    phone_number,
    phone_line,
    key_of(phone_number) AS phone_key,
    CASE
        WHEN phone_line <> 'fixed'
        THEN key_of(phone_number || chr(31) || name_key(last_name) || chr(31) || left(name_key(first_name), 1))
    END AS mobile_name_key,
    key_of(owner || chr(31) || 'external' || chr(31) || external_name) AS external_key,
    first_name, last_name, birth_date, street, postal_code, city, country, language,
    time_from AS updated_at, time_until AS updated_until,
    external_id, flags, attributes, region
FROM numbered;
