-- One file of profiles as ledger rows, in the file's order; a row that cannot be loaded says so in `fault`.
-- A text that equals its normal form is not kept twice: `email` and `phone` are NULL then.
-- grain: row of the file    reads: timed, loading, known_organisation, odd_email, odd_phone
WITH placed AS (
    SELECT
        timed.*,
        coalesce(filled(timed.organisation), loading.feed_organisation) AS owner,
        known_organisation.organisation IS NOT NULL AS is_known,
        CASE
            WHEN regexp_full_match(trim(timed.country), '[A-Za-z]{2}') THEN upper(trim(timed.country))
            ELSE known_organisation.country
        END AS region,
        loading.load_key,
        loading.has_operation
    FROM timed
    CROSS JOIN loading
    LEFT JOIN known_organisation ON known_organisation.organisation = coalesce(filled(timed.organisation), loading.feed_organisation)
),

read AS (
    SELECT
        placed.*,
        coalesce(plain_email(placed.email), odd_email.address) AS email_address,
        coalesce(plain_phone(placed.phone, placed.region), odd_phone.number) AS phone_number,
        coalesce(odd_phone.line, plain_line(plain_phone(placed.phone, placed.region))) AS phone_line
    FROM placed
    LEFT JOIN odd_email ON odd_email.raw = placed.email
    LEFT JOIN odd_phone ON odd_phone.raw = placed.phone AND odd_phone.country IS NOT DISTINCT FROM placed.region
)

SELECT
    load_key,
    CASE
        WHEN fault IS NOT NULL THEN fault
        WHEN filled(profile_id) IS NULL THEN 'profile_id_missing'
        WHEN owner IS NULL THEN 'organisation_missing'
        WHEN NOT is_known THEN 'organisation_unknown'
        WHEN has_operation AND word(operation) NOT IN ('', 'upsert', 'delete') THEN 'operation_unknown'
    END AS fault,
    CASE WHEN NOT has_operation THEN 'snapshot' WHEN word(operation) = 'delete' THEN 'delete' ELSE 'upsert' END AS operation,
    owner AS organisation,
    trim(profile_id) AS profile_id,
    key_of(owner || chr(31) || trim(profile_id)) AS profile_key,
    CASE WHEN email IS DISTINCT FROM email_address THEN email END AS email,
    email_address,
    key_of(email_address) AS email_key,
    CASE WHEN mailbox_of(email_address) = email_address THEN key_of(email_address) ELSE key_of(mailbox_of(email_address)) END AS mailbox_key,
    CASE WHEN phone IS DISTINCT FROM phone_number THEN phone END AS phone,
    phone_number,
    phone_line,
    key_of(phone_number) AS phone_key,
    CASE WHEN phone_line <> 'fixed' THEN key_of(phone_number || chr(31) || folded(last_name) || chr(31) || left(folded(first_name), 1)) END AS mobile_name_key,
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
FROM read;
