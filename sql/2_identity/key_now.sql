-- The certain keys that profiles hold now (domain §3 "who is one person"); which keys count is configuration. The mailboxes that
-- stand for "none" are no keys.
-- grain: profile_key, identity_key    as: scratch view    reads: profile_pick, identity_setting, placeholder_mailbox
SELECT profile_pick.profile_key, profile_pick.mailbox_key AS identity_key, 'mailbox' AS kind
FROM profile_pick
CROSS JOIN identity_setting
WHERE profile_pick.mailbox_key IS NOT NULL
    AND identity_setting.uses_mailbox
    AND profile_pick.mailbox_key NOT IN (SELECT placeholder_mailbox.mailbox_key FROM placeholder_mailbox)
UNION ALL
SELECT profile_pick.profile_key, profile_pick.mobile_name_key AS identity_key, 'mobile_name' AS kind
FROM profile_pick
CROSS JOIN identity_setting
WHERE profile_pick.mobile_name_key IS NOT NULL AND identity_setting.uses_mobile_name
UNION ALL
SELECT profile_pick.profile_key, profile_pick.external_key AS identity_key, 'external_id' AS kind
FROM profile_pick
CROSS JOIN identity_setting
WHERE profile_pick.external_key IS NOT NULL AND identity_setting.uses_external_id;
