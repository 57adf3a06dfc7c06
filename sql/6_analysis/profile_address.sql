-- Which address a profile holds or has held, as far as the files tell; the raw text where it is not valid.
-- grain: organisation, profile_id, kind, address    as: view    reads: profile_record, profile_past
WITH said AS (
    SELECT
        organisation, profile_id, 'email' AS kind, coalesce(email_address, trim(email)) AS address,
        email_address IS NOT NULL AS is_valid, true AS is_primary, since
    FROM profile_record
    WHERE email_address IS NOT NULL OR trim(email) <> ''
    UNION ALL
    SELECT organisation, profile_id, 'phone', coalesce(phone_number, trim(phone)), phone_number IS NOT NULL, true, since
    FROM profile_record
    WHERE phone_number IS NOT NULL OR trim(phone) <> ''
    UNION ALL
    SELECT organisation, profile_id, 'email', email_address, true, false, since
    FROM profile_past
    WHERE email_address IS NOT NULL
    UNION ALL
    SELECT organisation, profile_id, 'phone', phone_number, true, false, since
    FROM profile_past
    WHERE phone_number IS NOT NULL
),

held AS (
    SELECT
        organisation, profile_id, kind, address, bool_or(is_valid) AS is_valid, bool_or(is_primary) AS is_primary,
        min(since) AS valid_from
    FROM said
    GROUP BY organisation, profile_id, kind, address
)

SELECT
    *,
    CASE
        WHEN NOT is_primary
        THEN lead(valid_from) OVER (PARTITION BY organisation, profile_id, kind ORDER BY valid_from, is_primary, address)
    END AS valid_to
FROM held;
