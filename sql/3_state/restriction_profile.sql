-- The profiles that a restriction names; an id without organisation is that id in every organisation (domain §3).
-- grain: restriction_no, profile_key    reads: restriction, organisation_setting
SELECT restriction_no, profile_key
FROM restriction
WHERE profile_key IS NOT NULL
UNION ALL
SELECT restriction.restriction_no, key_of(organisation_setting.organisation || chr(31) || restriction.unplaced_profile_id) AS profile_key
FROM restriction
CROSS JOIN organisation_setting
WHERE restriction.unplaced_profile_id IS NOT NULL;
