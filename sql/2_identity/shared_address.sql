-- Addresses that more than one person holds or has held (the phone of a household): what restricts one of them restricts the
-- address for all.
-- grain: address_key, person_key    reads: held, identity_setting
WITH holder AS (
    SELECT held.address_key, held.person_key
    FROM held
    CROSS JOIN identity_setting
    WHERE held.kind = 'phone' OR NOT identity_setting.uses_mailbox
),

shared AS (
    SELECT address_key
    FROM holder
    GROUP BY address_key
    HAVING min(person_key) <> max(person_key)
)

SELECT DISTINCT holder.address_key, holder.person_key
FROM holder
INNER JOIN shared ON holder.address_key = shared.address_key;
