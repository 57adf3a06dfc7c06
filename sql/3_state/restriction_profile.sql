-- The profiles that a restriction names; an id without organisation is that id in every organisation (domain §3). Of profiles that
-- a CRM has merged, whoever names one names both. Organisations that only the ledger names count: their profiles tie persons.
-- grain: restriction_no, profile_key    as: table    reads: restriction, organisation_setting, load_organisation, merged_profile
WITH named AS (
    SELECT restriction_no, profile_key
    FROM restriction
    WHERE profile_key IS NOT NULL
    UNION ALL
    SELECT restriction.restriction_no, key_of(owner.organisation || chr(31) || restriction.unplaced_profile_id) AS profile_key
    FROM restriction
    CROSS JOIN (SELECT organisation FROM organisation_setting UNION SELECT organisation FROM load_organisation) AS owner
    WHERE restriction.unplaced_profile_id IS NOT NULL
),

merged AS (
    SELECT former_key AS profile_key, survivor_key AS other_key
    FROM merged_profile
    UNION
    SELECT survivor_key AS profile_key, former_key AS other_key
    FROM merged_profile
)

SELECT restriction_no, profile_key
FROM named
UNION
SELECT named.restriction_no, merged.other_key AS profile_key
FROM named
INNER JOIN merged ON named.profile_key = merged.profile_key;
