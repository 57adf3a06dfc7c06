-- The same by the keys held now: the edges for "one message per person".
-- grain: identity_key, profile_key    as: scratch table    reads: key_holder_now, crowded_key
SELECT key_holder_now.identity_key, key_holder_now.profile_key
FROM key_holder_now
LEFT JOIN crowded_key ON key_holder_now.identity_key = crowded_key.identity_key
WHERE crowded_key.identity_key IS NULL;
