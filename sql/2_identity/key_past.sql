-- The certain keys that profiles have held, each once; a profile that is gone keeps its part in the person. The mailboxes that
-- stand for "none" are no keys.
-- grain: profile_key, identity_key    as: scratch table    reads: profile_past, identity_setting, placeholder_mailbox
SELECT profile_past.profile_key, profile_past.mailbox_key AS identity_key, 'mailbox' AS kind
FROM profile_past
CROSS JOIN identity_setting
WHERE profile_past.mailbox_key IS NOT NULL
    AND identity_setting.uses_mailbox
    AND profile_past.mailbox_key NOT IN (SELECT placeholder_mailbox.mailbox_key FROM placeholder_mailbox)
UNION
SELECT profile_past.profile_key, profile_past.mobile_name_key AS identity_key, 'mobile_name' AS kind
FROM profile_past
CROSS JOIN identity_setting
WHERE profile_past.mobile_name_key IS NOT NULL AND identity_setting.uses_mobile_name
UNION
SELECT profile_past.profile_key, profile_past.external_key AS identity_key, 'external_id' AS kind
FROM profile_past
CROSS JOIN identity_setting
WHERE profile_past.external_key IS NOT NULL AND identity_setting.uses_external_id;
