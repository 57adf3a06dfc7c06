-- Addresses that more than one person holds or has held, in whatever spelling (the phone of a household, the mailbox of an
-- office): what restricts one of them restricts the address for all.
-- grain: mailbox_key, person_key    as: table    reads: held, identity_setting, crowded_key, placeholder_mailbox
WITH holder AS (
    SELECT coalesce(held.mailbox_key, held.address_key) AS mailbox_key, held.person_key
    FROM held
    CROSS JOIN identity_setting
    WHERE held.kind = 'phone'
        OR NOT identity_setting.uses_mailbox
        OR held.mailbox_key IN (SELECT identity_key FROM crowded_key)
        OR held.mailbox_key IN (SELECT mailbox_key FROM placeholder_mailbox)
),

shared AS (
    SELECT mailbox_key
    FROM holder
    GROUP BY mailbox_key
    HAVING min(person_key) <> max(person_key)
)

SELECT DISTINCT holder.mailbox_key, holder.person_key
FROM holder
INNER JOIN shared ON holder.mailbox_key = shared.mailbox_key;
