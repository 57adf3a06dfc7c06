-- What was said of profiles beside their records: older files, rows that another row outweighs, profiles that are gone.
-- grain: row_no, load_order    reads: profile_row, load_past, profile_contested, profile_deleted
SELECT
    profile_row.row_no,
    profile_row.load_order,
    profile_row.feed,
    profile_row.organisation,
    profile_row.profile_id,
    profile_row.profile_key,
    profile_row.operation,
    profile_row.since,
    profile_row.received_at,
    profile_row.email_address,
    profile_row.email_key,
    profile_row.mailbox_key,
    profile_row.phone_number,
    profile_row.phone_key,
    profile_row.mobile_name_key,
    profile_row.external_key
FROM profile_row
LEFT JOIN load_past ON profile_row.load_order = load_past.load_order AND profile_row.organisation = load_past.organisation
LEFT JOIN profile_contested ON profile_row.profile_key = profile_contested.profile_key
LEFT JOIN profile_deleted ON profile_row.feed = profile_deleted.feed AND profile_row.profile_key = profile_deleted.profile_key
WHERE (load_past.load_order IS NOT NULL OR profile_contested.profile_key IS NOT NULL OR profile_deleted.profile_key IS NOT NULL)
    AND profile_row.operation <> 'delete';
