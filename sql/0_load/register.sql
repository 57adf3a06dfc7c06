-- One file of a do-not-contact register as ledger rows. Plain entries are normalised like any address; hashes are kept in
-- lower-case hex and must have their algorithm's length.
-- grain: row of the file    reads: staged
WITH read AS (
    SELECT
        load_key,
        fault AS reader_fault,
        trim(entry) AS entry,
        loading('register') AS register,
        loading('algorithm') AS algorithm,
        loading('normalisation') AS normalisation,
        loading('feed_country') AS region
    FROM staged
),

judged AS (
    SELECT
        *,
        CASE
            WHEN algorithm <> 'plain' THEN lower(entry)
            WHEN starts_with(entry, '@') THEN lower(substr(entry, 2))
            WHEN contains(entry, '@') THEN email_in(entry)
            ELSE nullif(split_part(phone_in(entry, region), ' ', 1), '')
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
        WHEN algorithm <> 'plain'
            AND length(value) <> CASE algorithm WHEN 'md5' THEN 32 WHEN 'sha1' THEN 40 WHEN 'sha256' THEN 64 ELSE 128 END
        THEN 'hash_malformed'
        WHEN value IS NULL OR value = '' THEN 'entry_unreadable'
    END AS fault,
    register,
    entry_kind,
    algorithm,
    normalisation,
    CASE WHEN value IS NULL THEN entry END AS entry,
    region,
    value,
    CASE WHEN entry_kind = 'address' THEN key_of(value) END AS address_key,
    key_of(concat_ws(chr(31), register, entry_kind, value)) AS event_key
FROM judged;
