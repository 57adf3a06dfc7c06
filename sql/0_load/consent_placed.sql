-- Staged consent rows with the scope and the profile's organisation resolved (domain §2 "unknown is restrictive", §3).
-- A restrictive row with an unknown scope is an opt-out of the row's organisation, else the feed's, else of every one ('*');
-- with an unknown organisation it is one of the group. Permissive rows of that kind are rejected in `consent`.
-- grain: row of the file    as: query    reads: consent_word
WITH aimed AS (
    SELECT
        *,
        known_country(organisation) AS own_country,
        CASE
            WHEN said_scope = 'group' THEN ''
            WHEN said_scope = 'organisation' THEN coalesce(said_scope_id, organisation, loading('feed_organisation'))
            WHEN said_scope = 'brand' THEN coalesce(said_scope_id, loading('feed_brand'))
            ELSE said_scope_id
        END AS aimed_scope_id
    FROM consent_word
),

scoped AS (
    SELECT
        *,
        organisation IS NOT NULL AND own_country IS NULL AS is_stray,
        CASE
            WHEN organisation IS NULL THEN loading('feed_organisation')
            WHEN own_country IS NOT NULL THEN organisation
        END AS own_organisation,
        scope_owner(said_scope, aimed_scope_id) AS scope_owner
    FROM aimed
),

judged AS (
    SELECT
        *,
        is_stray OR (said_scope = 'organisation' AND aimed_scope_id IS NOT NULL AND scope_owner IS NULL) AS is_lost,
        is_stray OR scope_owner IS NULL AS is_misplaced,
        CASE
            WHEN organisation IS NULL THEN coalesce(loading('feed_organisation'), nullif(scope_owner, ''))
            ELSE own_organisation
        END AS profile_organisation
    FROM scoped
)

SELECT
    * REPLACE (CASE WHEN is_misplaced AND is_restrictive THEN 'opt_out' ELSE known_action END AS known_action),
    CASE
        WHEN is_lost THEN 'group'
        WHEN scope_owner IS NOT NULL THEN said_scope
        ELSE 'organisation'
    END AS known_scope,
    CASE
        WHEN is_lost THEN ''
        WHEN scope_owner IS NOT NULL THEN aimed_scope_id
        ELSE coalesce(own_organisation, '*')
    END AS known_scope_id,
    CASE
        WHEN own_country IS NOT NULL THEN own_country
        ELSE country_of(profile_organisation)
    END AS region,
    CASE
        WHEN is_misplaced THEN filled(concat_ws('; ',
            unknown_words,
            CASE WHEN scope_owner IS NULL THEN 'scope ' || concat_ws(' ', filled(said_scope), said_scope_id) END,
            CASE WHEN is_stray THEN 'organisation ' || organisation END
        ))
        ELSE unknown_words
    END AS unknown
FROM judged;
