-- Keys that more than one profile holds now, with every holder.
-- grain: identity_key, profile_key    as: scratch table    reads: key_now
WITH shared AS (
    SELECT identity_key
    FROM key_now
    GROUP BY identity_key
    HAVING count(*) > 1  -- a profile holds a key once, so these are profiles; counting costs half of comparing them
)

SELECT DISTINCT key_now.identity_key, key_now.kind, key_now.profile_key
FROM key_now
INNER JOIN shared ON key_now.identity_key = shared.identity_key;
