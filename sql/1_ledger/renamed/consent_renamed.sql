-- The rows of consent files with the organisations and scopes that they name as these are called now.
-- grain: load_key, file_row_number    as: query    reads: consent_written, former_name
SELECT
    consent_written.* REPLACE (
        coalesce(said.name, consent_written.organisation) AS organisation,
        coalesce(owner.name, consent_written.profile_organisation) AS profile_organisation,
        CASE
            WHEN owner.name IS NULL THEN consent_written.profile_key
            ELSE key_of(owner.name || chr(31) || consent_written.profile_id)
        END AS profile_key,
        coalesce(place.name, consent_written.scope_id) AS scope_id
    )
FROM consent_written
LEFT JOIN former_name AS said ON said.kind = 'organisation' AND consent_written.organisation = said.former
LEFT JOIN former_name AS owner ON owner.kind = 'organisation' AND consent_written.profile_organisation = owner.former
LEFT JOIN former_name AS place ON consent_written.scope = place.kind AND consent_written.scope_id = place.former;
