-- What each feed's record of a profile became, row by row, for those profiles that a permissive event names without an address;
-- a snapshot without the profile, or its deletion, is a row that `is_gone`.
-- grain: profile_key, told_no    as: scratch table    reads: profile_row, consent_fact, teller
WITH asked AS (
    SELECT DISTINCT profile_key FROM consent_fact
    WHERE address_key IS NULL AND action IN ('opt_in', 'opt_in_request', 'opt_in_confirm', 'opt_out_cancel', 'resume')
),

row_told AS (
    SELECT profile_row.*, teller.teller, teller.edition_order, teller.snapshot_order, teller.snapshot_at
    FROM profile_row
    INNER JOIN asked ON profile_row.profile_key = asked.profile_key
    INNER JOIN teller ON profile_row.load_order = teller.load_order AND profile_row.organisation = teller.organisation
),

file_told AS (
    SELECT
        profile_key, teller, snapshot_order, snapshot_at,
        lead(edition_order) OVER (PARTITION BY profile_key, teller ORDER BY edition_order) AS next_order
    FROM row_told
    GROUP BY profile_key, teller, edition_order, snapshot_order, snapshot_at
),

told AS (
    SELECT profile_key, teller, load_order, edition_order, row_no, received_at, operation = 'snapshot' AS is_anew, false AS is_gone,
        updated_at, email_key, phone_key
    FROM row_told
    WHERE operation <> 'delete'
    UNION ALL
    SELECT profile_key, teller, load_order, edition_order, row_no, received_at, false, true, NULL, NULL, NULL
    FROM row_told
    WHERE operation = 'delete'
    UNION ALL
    SELECT profile_key, teller, snapshot_order, snapshot_order, 0 AS row_no, snapshot_at AS received_at, false, true, NULL, NULL, NULL
    FROM file_told
    WHERE snapshot_order < coalesce(next_order, snapshot_order + 1)
),

-- A row outweighs those before it unless they were updated later, as far as the last snapshot or end; an end begins anew.
based AS (
    SELECT
        *,
        max(CASE WHEN is_anew THEN edition_order END) OVER so_far AS anew_order,
        count(CASE WHEN is_gone THEN 1 END) OVER so_far AS times_gone
    FROM told
    WINDOW so_far AS (PARTITION BY profile_key, teller ORDER BY load_order, row_no)
),

weighed AS (
    SELECT
        *,
        max(updated_at) OVER (PARTITION BY profile_key, teller, anew_order, times_gone ORDER BY load_order, row_no) AS last_updated_at
    FROM based
)

SELECT
    profile_key,
    row_number() OVER (PARTITION BY profile_key ORDER BY load_order, row_no, teller) AS told_no,
    teller,
    received_at,
    is_gone,
    updated_at,
    email_key,
    phone_key
FROM weighed
WHERE updated_at IS NOT DISTINCT FROM last_updated_at;
