-- Which profile holds or has held which address, the person behind it, and since when that is known.
-- grain: profile_key, kind, address_key (repeated where several rows say so)    as: view
-- reads: profile_record, profile_past, person_member
SELECT profile_key, coalesce(shared_person_key, profile_key) AS person_key, 'email' AS kind, email_key AS address_key,
    coalesce(other_mailbox_key, email_key) AS mailbox_key, received_at
FROM profile_record
WHERE email_key IS NOT NULL
UNION ALL
SELECT
    profile_key, coalesce(shared_person_key, profile_key) AS person_key, 'phone' AS kind, phone_key AS address_key,
    NULL AS mailbox_key, received_at
FROM profile_record
WHERE phone_key IS NOT NULL
UNION ALL
SELECT
    profile_past.profile_key, coalesce(person_member.person_key, profile_past.profile_key), 'email', profile_past.email_key,
    profile_past.mailbox_key, profile_past.received_at
FROM profile_past
LEFT JOIN person_member ON profile_past.profile_key = person_member.profile_key
WHERE profile_past.email_key IS NOT NULL
UNION ALL
SELECT
    profile_past.profile_key, coalesce(person_member.person_key, profile_past.profile_key), 'phone', profile_past.phone_key,
    NULL, profile_past.received_at
FROM profile_past
LEFT JOIN person_member ON profile_past.profile_key = person_member.profile_key
WHERE profile_past.phone_key IS NOT NULL;
