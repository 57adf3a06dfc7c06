-- One file of profiles as ledger rows, in the file's order; a row that cannot be loaded says so in `fault`.
-- A text that equals its normal form is not kept twice: `email` and `phone` are NULL then.
-- grain: row of the file    reads: timed
WITH placed AS (
    SELECT
        timed.*,
        coalesce(filled(timed.organisation), loading('feed_organisation')) AS owner,
        CASE
            WHEN regexp_full_match(trim(timed.country), '[A-Za-z]{2}') THEN upper(trim(timed.country))
            ELSE country_of(coalesce(filled(timed.organisation), loading('feed_organisation')))
        END AS region
    FROM timed
),

read AS (
    SELECT
        placed.*,
        email_in(placed.email) AS email_address,
        phone_in(placed.phone, placed.region) AS number_and_line
    FROM placed
),

numbered AS (
    SELECT
        *,
        nullif(split_part(number_and_line, ' ', 1), '') AS phone_number,
        nullif(split_part(number_and_line, ' ', 2), '') AS phone_line
    FROM read
)

SELECT
    load_key, record_number,
    CASE
        WHEN fault IS NOT NULL THEN fault
        WHEN filled(profile_id) IS NULL THEN 'profile_id_missing'
        WHEN owner IS NULL THEN 'organisation_missing'
        WHEN NOT is_known_organisation(owner) THEN 'organisation_unknown'
        WHEN has_operation AND word(operation) NOT IN ('', 'upsert', 'delete') THEN 'operation_unknown'
    END AS fault,
    CASE WHEN NOT has_operation THEN 'snapshot' WHEN word(operation) = 'delete' THEN 'delete' ELSE 'upsert' END AS operation,
    owner AS organisation,
    trim(profile_id) AS profile_id,
    key_of(owner || chr(31) || trim(profile_id)) AS profile_key,
    CASE WHEN email IS DISTINCT FROM email_address THEN email END AS email,
    email_address,
    key_of(email_address) AS email_key,
    mailbox_key_of(email_address) AS mailbox_key,
    CASE WHEN phone IS DISTINCT FROM phone_number THEN phone END AS phone,
    phone_number,
    phone_line,
    key_of(phone_number) AS phone_key,
    CASE
        WHEN phone_line <> 'fixed'
        THEN key_of(phone_number || chr(31) || folded(last_name) || chr(31) || left(folded(first_name), 1))
    END AS mobile_name_key,
    CASE WHEN trim(external_id) <> '' THEN key_of(owner || chr(31) || 'external' || chr(31) || trim(external_id)) END AS external_key,
    first_name,
    last_name,
    birth_date,
    street,
    postal_code,
    city,
    country,
    language,
    time_from AS updated_at,
    time_until AS updated_until,
    external_id,
    flags,
    attributes,
    region
FROM numbered;
