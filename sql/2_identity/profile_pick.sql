-- The keys that identity compares, of the record of every profile that exists.
-- grain: profile_key    as: scratch table    reads: profile_row_now, profile_deleted, profile_contested
SELECT
    profile_row_now.profile_key,
    profile_row_now.mailbox_key,
    profile_row_now.mobile_name_key,
    profile_row_now.external_key
FROM profile_row_now
LEFT JOIN profile_deleted ON profile_row_now.feed = profile_deleted.feed AND profile_row_now.profile_key = profile_deleted.profile_key
LEFT JOIN profile_contested ON profile_row_now.profile_key = profile_contested.profile_key
WHERE profile_row_now.operation <> 'delete'
    AND (
        profile_deleted.profile_key IS NULL
        OR profile_row_now.load_order > profile_deleted.deleted_order
        OR (profile_row_now.load_order = profile_deleted.deleted_order AND profile_row_now.row_no > profile_deleted.deleted_row)
    )
    AND (
        profile_contested.profile_key IS NULL
        OR (profile_contested.row_no = profile_row_now.row_no AND profile_contested.load_order = profile_row_now.load_order)
    );
