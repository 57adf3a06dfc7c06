-- The rows of profile files that say a restriction, with the flags that say it. Files that an older version loaded, by a shorter list of
-- names, are read by their attributes.
-- grain: row_no, load_order    as: scratch table    reads: profile_row, flag_attribute
SELECT
    row_no, load_order, feed, organisation, profile_key, profile_id, email_address, email_key, mailbox_key, phone_key, updated_at,
    updated_until, received_at, flags
FROM profile_row
WHERE flags IS NOT NULL AND load_order NOT IN (SELECT load_order FROM flag_attribute)
UNION ALL
SELECT
    row_no, profile_row.load_order, feed, organisation, profile_key, profile_id, email_address, email_key, mailbox_key, phone_key,
    updated_at, updated_until, received_at,
    string_agg(DISTINCT flag_attribute.flag, ';' ORDER BY flag_attribute.flag) AS flags
FROM profile_row
INNER JOIN flag_attribute ON profile_row.load_order = flag_attribute.load_order
WHERE is_yes(profile_row.attributes[flag_attribute.attribute])
GROUP BY ALL;
