-- The rows that became the record of a profile, in order, for those profiles that a permissive event names without an
-- address; a snapshot without the profile, or its deletion, is a row without addresses that `is_gone`.
-- grain: feed, profile_key, load_order, row_no    reads: profile_row, profile_record, consent_fact, load, load_organisation
WITH asked AS (
    SELECT DISTINCT profile_key FROM consent_fact
    WHERE address_key IS NULL AND action IN ('opt_in', 'opt_in_request', 'opt_in_confirm', 'opt_out_cancel', 'resume')
),

row_told AS (
    SELECT
        profile_row.*,
        -- Of a profile that several feeds know only the end counts: it is there while any has it.
        profile_record.profile_key IS NULL OR min(profile_row.feed) OVER whole = max(profile_row.feed) OVER whole AS may_end
    FROM profile_row
    INNER JOIN asked ON profile_row.profile_key = asked.profile_key
    LEFT JOIN profile_record ON profile_row.profile_key = profile_record.profile_key
    WINDOW whole AS (PARTITION BY profile_row.profile_key)
),

file_told AS (
    SELECT
        profile_key, feed, organisation, load_order, may_end,
        lead(load_order) OVER (PARTITION BY profile_key, feed ORDER BY load_order) AS next_order
    FROM row_told
    GROUP BY profile_key, feed, organisation, load_order, may_end
),

left_out AS (
    SELECT file_told.profile_key, file_told.feed, load.received_at, load.load_order
    FROM file_told
    INNER JOIN load ON file_told.feed = load.feed
    INNER JOIN load_organisation ON load.load_key = load_organisation.load_key AND file_told.organisation = load_organisation.organisation
    WHERE load.is_snapshot AND file_told.may_end
        AND load.load_order > file_told.load_order AND load.load_order < coalesce(file_told.next_order, load.load_order + 1)
),

told AS (
    SELECT
        profile_key, feed, load_order, row_no, operation, updated_at, received_at, operation = 'delete' AS is_gone,
        CASE WHEN operation = 'delete' THEN received_at ELSE since END AS since,
        CASE WHEN operation <> 'delete' THEN email_key END AS email_key,
        CASE WHEN operation <> 'delete' THEN phone_key END AS phone_key
    FROM row_told
    WHERE may_end OR operation <> 'delete'
    UNION ALL
    SELECT profile_key, feed, load_order, 0 AS row_no, 'snapshot', NULL, received_at, true AS is_gone, received_at AS since, NULL, NULL
    FROM left_out
),

based AS (
    SELECT *, max(CASE WHEN operation <> 'upsert' THEN load_order END)
        OVER (PARTITION BY profile_key, feed ORDER BY load_order, row_no) AS base_order
    FROM told
),

said AS (
    SELECT *, is_gone OR updated_at IS NOT DISTINCT FROM
        max(updated_at) OVER (PARTITION BY profile_key, feed, base_order ORDER BY load_order, row_no) AS is_record
    FROM based
)

SELECT feed, profile_key, load_order, row_no, received_at, since AS told_since, is_gone, email_key, phone_key
FROM said
WHERE is_record;
