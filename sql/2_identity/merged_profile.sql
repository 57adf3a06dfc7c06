-- Profiles that a CRM has merged into another: what names one of the two names both.
-- grain: former_key, survivor_key    reads: profile_former
SELECT
    profile_key AS former_key,
    key_of(organisation || chr(31) || survivor_id) AS survivor_key,
    min(survivor_id) AS survivor_id
FROM profile_former
WHERE operation = 'merged' AND survivor_id <> profile_id
GROUP BY profile_key, organisation, survivor_id;
