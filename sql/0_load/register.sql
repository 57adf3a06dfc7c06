-- One file of a do-not-contact register as ledger rows. Plain entries are normalised like any address; hashes are kept in
-- lower-case hex and must have their algorithm's length.
-- grain: row of the file    reads: staged, loading, odd_email, odd_phone
WITH read AS (
    SELECT
        staged.fault AS reader_fault,
        trim(staged.entry) AS entry,
        loading.*,
        coalesce(plain_email(staged.entry), odd_email.address) AS email_address,
        coalesce(plain_phone(staged.entry, loading.feed_country), odd_phone.number) AS phone_number
    FROM staged
    CROSS JOIN loading
    LEFT JOIN odd_email ON odd_email.raw = staged.entry
    LEFT JOIN odd_phone ON odd_phone.raw = staged.entry AND odd_phone.country IS NOT DISTINCT FROM loading.feed_country
),

judged AS (
    SELECT
        *,
        CASE
            WHEN algorithm <> 'plain' THEN lower(entry)
            WHEN starts_with(entry, '@') THEN lower(substr(entry, 2))
            WHEN contains(entry, '@') THEN email_address
            ELSE phone_number
        END AS value,
        CASE WHEN algorithm <> 'plain' THEN 'hash' WHEN starts_with(entry, '@') THEN 'domain' ELSE 'address' END AS entry_kind
    FROM read
)

SELECT
    load_key,
    CASE
        WHEN reader_fault IS NOT NULL THEN reader_fault
        WHEN entry = '' THEN 'entry_missing'
        WHEN algorithm <> 'plain' AND NOT regexp_full_match(value, '[0-9a-f]+') THEN 'hash_malformed'
        WHEN algorithm <> 'plain' AND length(value) <> CASE algorithm WHEN 'md5' THEN 32 WHEN 'sha1' THEN 40 WHEN 'sha256' THEN 64 ELSE 128 END THEN 'hash_malformed'
        WHEN value IS NULL OR value = '' THEN 'entry_unreadable'
    END AS fault,
    register,
    entry_kind,
    algorithm,
    normalisation,
    CASE WHEN value IS NULL THEN entry END AS entry,
    feed_country AS region,
    value,
    CASE WHEN entry_kind = 'address' THEN key_of(value) END AS address_key,
    key_of(concat_ws(chr(31), register, entry_kind, value)) AS event_key
FROM judged;
