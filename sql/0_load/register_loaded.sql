-- One file of a do-not-contact register as ledger rows. Plain entries are normalised like any address; hashes are kept in
-- lower-case hex and must have their algorithm's length. Where no algorithm is told, the length of the hashes tells it.
-- grain: row of the file    as: query    reads: staged
WITH read AS (
    SELECT
        load_key,
        fault AS reader_fault,
        -- `*@x.at` is how people write `@x.at`, and nobody's address.
        CASE
            WHEN regexp_matches(entry, '^\s*[*%]*@') THEN '@' || rtrim(regexp_extract(entry, '@(.*)', 1), ' .;,')
            ELSE trim(entry)
        END AS entry,
        loading('register') AS register,
        entries_are('algorithm') AS told,
        entries_are('normalisation') AS normalisation,
        coalesce(entries_are('country'), country_in(country), loading('feed_country')) AS region
    FROM staged
),

hashed AS (
    SELECT
        *,
        CASE
            WHEN starts_with(entry, '@') THEN 'plain'
            WHEN told <> 'plain' THEN told
            WHEN is_hash(entry) THEN coalesce(entries_are('algorithm_by_length'), 'ambiguous')
            ELSE 'plain'
        END AS algorithm
    FROM read
),

judged AS (
    SELECT
        *,
        CASE
            WHEN algorithm <> 'plain' THEN lower(entry)
            WHEN starts_with(entry, '@') THEN split_part(email_in('any' || entry), '@', -1)
            WHEN contains(entry, '@') THEN email_in(entry)
            ELSE nullif(split_part(phone_in(entry, region), ' ', 1), '')
        END AS value,
        CASE WHEN algorithm <> 'plain' THEN 'hash' WHEN starts_with(entry, '@') THEN 'domain' ELSE 'address' END AS entry_kind
    FROM hashed
)

SELECT
    load_key,
    CASE
        WHEN reader_fault IS NOT NULL THEN reader_fault
        WHEN entry = '' THEN 'entry_missing'
        WHEN algorithm = 'ambiguous' THEN 'algorithm_undeclared'
        WHEN algorithm <> 'plain' AND NOT is_hash(entry) THEN 'hash_malformed'
        WHEN algorithm <> 'plain' AND algorithm <> algorithm_of(entry) THEN 'hash_malformed'
        WHEN value IS NULL OR value = '' OR regexp_matches(value, '\s') THEN 'entry_unreadable'
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
