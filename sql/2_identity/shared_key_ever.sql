-- Keys that more than one profile holds or has held, with every holder: the edges between profiles of one person.
-- grain: identity_key, profile_key    reads: key_ever
WITH shared AS (
    SELECT identity_key
    FROM key_ever
    GROUP BY identity_key
    HAVING min(profile_key) <> max(profile_key)
)

SELECT DISTINCT key_ever.identity_key, key_ever.profile_key
FROM key_ever
INNER JOIN shared ON key_ever.identity_key = shared.identity_key;
