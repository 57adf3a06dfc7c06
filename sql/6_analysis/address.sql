-- Every usable address that a profile holds or has held, with the mailbox it is a spelling of.
-- grain: address    as: view    reads: profile_address, quarantine
SELECT
    profile_address.address,
    profile_address.kind,
    count(DISTINCT profile_address.organisation || ' ' || profile_address.profile_id) AS profiles,
    min(profile_address.valid_from) AS known_since,
    coalesce(max(quarantine.status), 'valid') AS status
FROM profile_address
LEFT JOIN quarantine ON profile_address.address = quarantine.address
WHERE profile_address.is_valid
GROUP BY profile_address.address, profile_address.kind;
