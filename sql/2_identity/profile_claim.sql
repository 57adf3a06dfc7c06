-- What the feeds say now of each profile: the narrow columns that decide which row is the record.
-- grain: row_no, load_order    as: scratch view    reads: profile_row_now, profile_deleted
SELECT
    profile_row_now.row_no,
    profile_row_now.load_order,
    profile_row_now.profile_key,
    profile_row_now.updated_at
FROM profile_row_now
LEFT JOIN profile_deleted ON profile_row_now.feed = profile_deleted.feed AND profile_row_now.profile_key = profile_deleted.profile_key
WHERE profile_row_now.operation <> 'delete'
    AND (
        profile_deleted.profile_key IS NULL
        OR profile_row_now.load_order > profile_deleted.deleted_order
        OR (profile_row_now.load_order = profile_deleted.deleted_order AND profile_row_now.row_no > profile_deleted.deleted_row)
    );
