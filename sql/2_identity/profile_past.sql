-- What was said of profiles beside their records: older files, rows that another row outweighs, profiles that are gone; former
-- addresses, and under the survivor's name what was said of a profile that was merged into it.
-- grain: row_no, load_order, profile_key    as: table
-- reads: profile_row, load_past, profile_contested, profile_deleted, profile_former, merged_profile
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
    AND profile_row.operation <> 'delete'
UNION ALL
SELECT
    row_no, load_order, feed, organisation, profile_id, profile_key, operation, since, received_at,
    email_address, email_key, mailbox_key, phone_number, phone_key, mobile_name_key, external_key
FROM profile_former
WHERE operation = 'former'
UNION ALL
SELECT
    profile_row.row_no, profile_row.load_order, profile_row.feed, profile_row.organisation,
    merged_profile.survivor_id, merged_profile.survivor_key, profile_row.operation, profile_row.since,
    profile_row.received_at, profile_row.email_address, profile_row.email_key, profile_row.mailbox_key,
    profile_row.phone_number, profile_row.phone_key, profile_row.mobile_name_key, profile_row.external_key
FROM profile_row
INNER JOIN merged_profile ON profile_row.profile_key = merged_profile.former_key
WHERE profile_row.operation <> 'delete'
UNION ALL
SELECT
    profile_former.row_no, profile_former.load_order, profile_former.feed, profile_former.organisation,
    merged_profile.survivor_id, merged_profile.survivor_key, profile_former.operation, profile_former.since,
    profile_former.received_at, profile_former.email_address, profile_former.email_key, profile_former.mailbox_key,
    profile_former.phone_number, profile_former.phone_key, profile_former.mobile_name_key, profile_former.external_key
FROM profile_former
INNER JOIN merged_profile ON profile_former.profile_key = merged_profile.former_key
WHERE profile_former.operation <> 'merged';
