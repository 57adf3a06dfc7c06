-- The certain keys that profiles hold now (domain §3 "who is one person"); which keys count is configuration.
-- grain: profile_key, identity_key    reads: profile_pick, identity_setting
SELECT profile_pick.profile_key, profile_pick.mailbox_key AS identity_key
FROM profile_pick
CROSS JOIN identity_setting
WHERE profile_pick.mailbox_key IS NOT NULL AND identity_setting.uses_mailbox
UNION ALL
SELECT profile_pick.profile_key, profile_pick.mobile_name_key AS identity_key
FROM profile_pick
CROSS JOIN identity_setting
WHERE profile_pick.mobile_name_key IS NOT NULL AND identity_setting.uses_mobile_name
UNION ALL
SELECT profile_pick.profile_key, profile_pick.external_key AS identity_key
FROM profile_pick
CROSS JOIN identity_setting
WHERE profile_pick.external_key IS NOT NULL AND identity_setting.uses_external_id;
