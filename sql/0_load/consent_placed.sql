-- Staged consent rows with the scope and the profile's organisation resolved (domain §2 "unknown is restrictive", §3).
-- A restrictive row with an unknown scope is an opt-out of the row's organisation, else the feed's, else of every one ('*');
-- with an unknown organisation it is one of the group. Permissive rows of that kind are rejected in `consent`.
-- grain: row of the file    reads: consent_word
WITH aimed AS (
    SELECT
        consent_word.*,
        filled(consent_word.organisation) AS row_organisation,
        coalesce(is_known_organisation(filled(consent_word.organisation)), false) AS is_known_organisation,
        CASE
            WHEN said_scope = 'group' THEN ''
            WHEN said_scope = 'organisation' THEN coalesce(said_scope_id, filled(consent_word.organisation), loading('feed_organisation'))
            WHEN said_scope = 'brand' THEN coalesce(said_scope_id, loading('feed_brand'))
            ELSE said_scope_id
        END AS aimed_scope_id
    FROM consent_word
),

scoped AS (
    SELECT
        aimed.*,
        coalesce(is_known_scope(said_scope, aimed_scope_id), false) AS is_known_scope,
        scope_organisation(said_scope, aimed_scope_id) AS scope_organisation,
        CASE
            WHEN row_organisation IS NULL THEN loading('feed_organisation')
            WHEN is_known_organisation THEN row_organisation
        END AS own_organisation
    FROM aimed
),

judged AS (
    SELECT
        *,
        (row_organisation IS NOT NULL AND NOT is_known_organisation)
        OR (said_scope = 'organisation' AND aimed_scope_id IS NOT NULL AND NOT is_known_scope) AS is_lost,
        (row_organisation IS NOT NULL AND NOT is_known_organisation) OR NOT is_known_scope AS is_misplaced
    FROM scoped
)

SELECT
    * REPLACE (CASE WHEN is_misplaced AND is_restrictive THEN 'opt_out' ELSE known_action END AS known_action),
    CASE
        WHEN is_lost THEN 'group'
        WHEN is_known_scope THEN said_scope
        ELSE 'organisation'
    END AS known_scope,
    CASE
        WHEN is_lost THEN ''
        WHEN is_known_scope THEN aimed_scope_id
        ELSE coalesce(own_organisation, '*')
    END AS known_scope_id,
    CASE
        WHEN row_organisation IS NULL THEN coalesce(loading('feed_organisation'), scope_organisation)
        ELSE own_organisation
    END AS profile_organisation,
    filled(concat_ws('; ',
        unknown_words,
        CASE WHEN NOT is_known_scope THEN 'scope ' || concat_ws(' ', filled(said_scope), said_scope_id) END,
        CASE WHEN row_organisation IS NOT NULL AND NOT is_known_organisation THEN 'organisation ' || row_organisation END
    )) AS unknown
FROM judged;
