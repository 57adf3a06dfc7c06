-- Restrictions that profile files say ("do not e-mail", "deceased"): one row per profile, flag and file.
-- grain: row_no, load_order, flag    reads: profile_row, load, load_organisation
WITH arrival AS (
    SELECT
        load.load_order,
        load.feed,
        load_organisation.organisation,
        dense_rank() OVER (PARTITION BY load.feed, load_organisation.organisation ORDER BY load.edition_order) AS arrival_no
    FROM load
    INNER JOIN load_organisation ON load.load_key = load_organisation.load_key
)

SELECT
    profile_row.row_no,
    profile_row.load_order,
    arrival.arrival_no,
    profile_row.feed,
    profile_row.organisation,
    profile_row.profile_key,
    profile_row.profile_id,
    profile_row.email_address,
    profile_row.email_key,
    profile_row.mailbox_key,
    profile_row.phone_key,
    profile_row.updated_at,
    profile_row.updated_until,
    profile_row.received_at,
    unnest(string_split(profile_row.flags, ';')) AS flag
FROM profile_row
INNER JOIN arrival ON profile_row.load_order = arrival.load_order AND profile_row.organisation = arrival.organisation
WHERE profile_row.flags IS NOT NULL;
