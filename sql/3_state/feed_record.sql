-- What each feed's record of a profile became, row by row, for those profiles that a permissive event names without an address;
-- a snapshot without the profile, or its deletion, is a row that `is_gone`. All in the order in which they were told.
-- grain: profile_key, told_no    reads: profile_row, consent_fact, load, load_organisation
WITH asked AS (
    SELECT DISTINCT profile_key FROM consent_fact
    WHERE address_key IS NULL AND action IN ('opt_in', 'opt_in_request', 'opt_in_confirm', 'opt_out_cancel', 'resume')
),

row_told AS (
    SELECT profile_row.*
    FROM profile_row
    INNER JOIN asked ON profile_row.profile_key = asked.profile_key
),

file_told AS (
    SELECT
        profile_key, feed, organisation, load_order,
        lead(load_order) OVER (PARTITION BY profile_key, feed ORDER BY load_order) AS next_order
    FROM row_told
    GROUP BY profile_key, feed, organisation, load_order
),

told AS (
    SELECT
        profile_key, feed, load_order, row_no, received_at, updated_at, email_key, phone_key,
        operation = 'snapshot' AS is_anew, false AS is_gone
    FROM row_told
    WHERE operation <> 'delete'
    UNION ALL
    SELECT profile_key, feed, load_order, row_no, received_at, NULL, NULL, NULL, false, true
    FROM row_told
    WHERE operation = 'delete'
    UNION ALL
    SELECT file_told.profile_key, file_told.feed, load.load_order, 0 AS row_no, load.received_at, NULL, NULL, NULL, true, true
    FROM file_told
    INNER JOIN load ON file_told.feed = load.feed
    INNER JOIN load_organisation ON load.load_key = load_organisation.load_key AND file_told.organisation = load_organisation.organisation
    WHERE load.is_snapshot
        AND load.load_order > file_told.load_order AND load.load_order < coalesce(file_told.next_order, load.load_order + 1)
),

-- A row outweighs those before it unless they were updated later, as far as the last snapshot or deletion.
based AS (
    SELECT
        *,
        max(CASE WHEN is_anew THEN load_order END) OVER so_far AS anew_order,
        count(CASE WHEN is_gone THEN 1 END) OVER so_far AS times_gone
    FROM told
    WINDOW so_far AS (PARTITION BY profile_key, feed ORDER BY load_order, row_no)
),

weighed AS (
    SELECT
        *,
        max(updated_at) OVER (PARTITION BY profile_key, feed, anew_order, times_gone ORDER BY load_order, row_no) AS last_updated_at
    FROM based
)

SELECT
    profile_key,
    row_number() OVER (PARTITION BY profile_key ORDER BY load_order, row_no) AS told_no,
    feed,
    load_order,
    received_at,
    is_gone,
    updated_at,
    email_key,
    phone_key
FROM weighed
WHERE is_gone OR updated_at IS NOT DISTINCT FROM last_updated_at;
