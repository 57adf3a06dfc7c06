-- The certain keys that profiles hold or have held; a profile that is gone keeps its part in the person.
-- grain: profile_key, identity_key (may repeat)    reads: key_now, profile_past, identity_setting
SELECT profile_key, identity_key
FROM key_now
UNION ALL
SELECT profile_past.profile_key, profile_past.mailbox_key AS identity_key
FROM profile_past
CROSS JOIN identity_setting
WHERE profile_past.mailbox_key IS NOT NULL AND identity_setting.uses_mailbox
UNION ALL
SELECT profile_past.profile_key, profile_past.mobile_name_key AS identity_key
FROM profile_past
CROSS JOIN identity_setting
WHERE profile_past.mobile_name_key IS NOT NULL AND identity_setting.uses_mobile_name
UNION ALL
SELECT profile_past.profile_key, profile_past.external_key AS identity_key
FROM profile_past
CROSS JOIN identity_setting
WHERE profile_past.external_key IS NOT NULL AND identity_setting.uses_external_id;
