-- The rows of profile files with their organisation as it is called now; the keys that are made of its name follow.
-- grain: load_key, file_row_number    as: query    reads: profile_written, former_name
SELECT
    profile_written.* REPLACE (
        coalesce(owner.name, profile_written.organisation) AS organisation,
        CASE
            WHEN owner.name IS NULL THEN profile_written.profile_key
            ELSE key_of(owner.name || chr(31) || profile_written.profile_id)
        END AS profile_key,
        CASE
            WHEN owner.name IS NULL OR profile_written.external_key IS NULL THEN profile_written.external_key
            ELSE key_of(owner.name || chr(31) || 'external' || chr(31) || id_of(profile_written.external_id))
        END AS external_key
    )
FROM profile_written
LEFT JOIN former_name AS owner ON owner.kind = 'organisation' AND profile_written.organisation = owner.former;
