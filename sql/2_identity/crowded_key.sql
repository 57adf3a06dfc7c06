-- Keys that so many profiles hold or have held that they make nobody one person (`identity.max_profiles_per_key`), with one of
-- those that hold it now, by which people can find it.
-- grain: identity_key    as: table    reads: key_holder_ever, key_holder_now, key_limit
WITH crowd AS (
    SELECT key_holder_ever.identity_key, key_holder_ever.kind, count(*) AS profiles
    FROM key_holder_ever
    INNER JOIN key_limit ON key_holder_ever.kind = key_limit.kind
    GROUP BY key_holder_ever.identity_key, key_holder_ever.kind, key_limit.max_profiles
    HAVING count(*) > key_limit.max_profiles
)

SELECT crowd.identity_key, crowd.kind, crowd.profiles, min(key_holder_now.profile_key) AS profile_key
FROM crowd
LEFT JOIN key_holder_now ON crowd.identity_key = key_holder_now.identity_key
GROUP BY crowd.identity_key, crowd.kind, crowd.profiles;
