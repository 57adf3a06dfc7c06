-- One row per profile with the person that it belongs to: the profiles of one human have the same `person_id`.
-- The `p` keeps it a text: of 38 digits a spreadsheet makes 4,99E+37.
-- grain: organisation, profile_id    as: view    reads: profile_record
SELECT 'p' || CAST(coalesce(shared_person_key, profile_key) AS VARCHAR) AS person_id, organisation, profile_id
FROM profile_record;
