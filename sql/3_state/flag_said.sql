-- Restrictions that profile files say ("do not e-mail", "deceased"): one row per profile, flag and file, in each of its lines.
-- grain: row_no, load_order, line, flag    as: scratch table    reads: flag_row, load, load_organisation, load_line
WITH arrival AS (
    SELECT
        load.load_order,
        load.feed,
        load_line.line,
        load_organisation.organisation,
        dense_rank() OVER (PARTITION BY load.feed, load_line.line, load_organisation.organisation ORDER BY load.edition_order) AS arrival_no
    FROM load
    INNER JOIN load_organisation ON load.load_key = load_organisation.load_key
    INNER JOIN load_line ON load.load_key = load_line.load_key
)

SELECT
    flag_row.row_no,
    flag_row.load_order,
    arrival.line,
    arrival.arrival_no,
    flag_row.feed,
    flag_row.organisation,
    flag_row.profile_key,
    flag_row.profile_id,
    flag_row.email_address,
    flag_row.email_key,
    flag_row.mailbox_key,
    flag_row.phone_key,
    flag_row.updated_at,
    flag_row.updated_until,
    flag_row.received_at,
    unnest(string_split(flag_row.flags, ';')) AS flag
FROM flag_row
INNER JOIN arrival ON flag_row.load_order = arrival.load_order AND flag_row.organisation = arrival.organisation
WHERE flag_row.flags IS NOT NULL;
