-- Profile ids that a program or a spreadsheet has written otherwise: an id that a restriction names and no profile has, whereas a
-- profile has it but for case, punctuation, leading zeros or `.0`; and one that was rounded (`4.37E+11`), so that it is nobody's.
-- grain: organisation, written_id    as: table    reads: consent_fact, profile_record
WITH named AS (
    SELECT
        profile_organisation AS organisation,
        profile_id AS written_id,
        regexp_replace(lower(profile_id), '[.,]0$|^0+|[ _./:#-]', '', 'g') AS bare_id,
        regexp_matches(profile_id, '^[0-9]([.,][0-9]+)?[Ee][+][0-9]+$') AS is_rounded,
        count(*) AS events
    FROM consent_fact
    WHERE profile_id IS NOT NULL
        AND action IN ('opt_out', 'opt_out_confirm', 'opt_out_request', 'pause', 'frequency')
        AND NOT EXISTS (
            SELECT 1
            FROM profile_record
            WHERE profile_record.profile_id = consent_fact.profile_id
                AND profile_record.organisation = coalesce(consent_fact.profile_organisation, profile_record.organisation)
        )
    GROUP BY profile_organisation, profile_id
),

alike AS (
    SELECT named.organisation, named.written_id, min(profile_record.profile_id) AS profile_id, min(named.events) AS events
    FROM named
    INNER JOIN profile_record
        ON named.bare_id = regexp_replace(lower(profile_record.profile_id), '[.,]0$|^0+|[ _./:#-]', '', 'g')
        AND coalesce(named.organisation, profile_record.organisation) = profile_record.organisation
    WHERE NOT named.is_rounded
    GROUP BY named.organisation, named.written_id
)

SELECT organisation, written_id, profile_id, events, 0 AS profiles
FROM alike
UNION ALL
SELECT organisation, written_id, NULL AS profile_id, events, 0 AS profiles
FROM named
WHERE is_rounded
UNION ALL
SELECT organisation, profile_id AS written_id, NULL AS profile_id, 0 AS events, count(*) AS profiles
FROM profile_record
WHERE regexp_matches(profile_id, '^[0-9]([.,][0-9]+)?[Ee][+][0-9]+$')
GROUP BY organisation, profile_id;
