-- The certain keys that profiles have held, each once; a profile that is gone keeps its part in the person.
-- grain: profile_key, identity_key    reads: profile_past, identity_setting
SELECT profile_past.profile_key, profile_past.mailbox_key AS identity_key
FROM profile_past
CROSS JOIN identity_setting
WHERE profile_past.mailbox_key IS NOT NULL AND identity_setting.uses_mailbox
UNION
SELECT profile_past.profile_key, profile_past.mobile_name_key AS identity_key
FROM profile_past
CROSS JOIN identity_setting
WHERE profile_past.mobile_name_key IS NOT NULL AND identity_setting.uses_mobile_name
UNION
SELECT profile_past.profile_key, profile_past.external_key AS identity_key
FROM profile_past
CROSS JOIN identity_setting
WHERE profile_past.external_key IS NOT NULL AND identity_setting.uses_external_id;
