-- The edges between profiles of one person: keys that they share now or ever, and that not too many hold.
-- grain: identity_key, profile_key    as: scratch table    reads: key_holder_ever, crowded_key
SELECT key_holder_ever.identity_key, key_holder_ever.profile_key
FROM key_holder_ever
LEFT JOIN crowded_key ON key_holder_ever.identity_key = crowded_key.identity_key
WHERE crowded_key.identity_key IS NULL;
