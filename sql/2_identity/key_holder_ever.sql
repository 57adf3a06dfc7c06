-- Keys that more than one profile holds or has held, with every holder. A key that nobody held in the past is shared as it is
-- now; only the others are compared once more.
-- grain: identity_key, profile_key    as: scratch table    reads: key_holder_now, key_now, key_past
WITH past_key AS (
    SELECT DISTINCT identity_key
    FROM key_past
),

holder AS (
    SELECT key_now.identity_key, key_now.kind, key_now.profile_key
    FROM key_now
    INNER JOIN past_key ON key_now.identity_key = past_key.identity_key
    UNION
    SELECT identity_key, kind, profile_key
    FROM key_past
),

shared AS (
    SELECT identity_key
    FROM holder
    GROUP BY identity_key
    HAVING count(*) > 1
)

SELECT identity_key, kind, profile_key
FROM key_holder_now
UNION
SELECT holder.identity_key, holder.kind, holder.profile_key
FROM holder
INNER JOIN shared ON holder.identity_key = shared.identity_key;
