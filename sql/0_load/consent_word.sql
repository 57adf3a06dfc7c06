-- The words of staged consent rows as the vocabulary's, every text trimmed once; what is unknown is restrictive (domain §2) and
-- named in `unknown_words`.
-- grain: row of the file    as: query    reads: timed
WITH told AS (
    SELECT
        timed.* REPLACE (
            id_of(timed.event_id) AS event_id, filled(timed.action) AS action, id_of(timed.profile_id) AS profile_id,
            id_of(timed.organisation) AS organisation, id_of(timed.scope_id) AS scope_id, filled(timed.legal_basis) AS legal_basis,
            filled(timed.explanation) AS explanation, filled(timed.reason) AS reason, filled(timed.reason_text) AS reason_text,
            filled(timed.evidence) AS evidence, filled(timed.max_messages) AS max_messages, filled(timed.per_days) AS per_days,
            filled(timed.unknown_code) AS unknown_code
        ),
        mapped(timed.scope_id) AS mapped
    FROM timed
),

worded AS (
    SELECT
        *,
        lower(coalesce(action, '')) AS said_action,
        word(channel) AS said_channel,
        word(actor) AS said_actor,
        word(via) AS said_via,
        CASE WHEN mapped IS NULL THEN word(scope) ELSE split_part(mapped, ' ', 1) END AS said_scope,
        CASE WHEN mapped IS NULL THEN scope_id ELSE split_part(mapped, ' ', 2) END AS said_scope_id
    FROM told
),

acted AS (
    SELECT
        *,
        CASE
            -- One-click and STOP are final at once: there is nothing to confirm (domain §4 "double opt-out").
            WHEN said_action = 'opt_out_request' AND said_via IN ('one_click', 'keyword', 'reply') THEN 'opt_out'
            WHEN said_action IN (
                'opt_out', 'opt_out_request', 'opt_out_confirm', 'opt_out_cancel', 'opt_in_request', 'opt_in_confirm',
                'opt_in', 'pause', 'resume', 'frequency'
            ) THEN said_action
            ELSE 'opt_out'
        END AS known_action,
        said_channel IN ('', 'any') OR address_kind_of(said_channel) IS NOT NULL AS is_known_channel,
        said_actor IN ('owner', 'staff', 'staff_four_eyes', 'import', 'system', 'provider') AS is_known_actor,
        said_via IN ('form', 'preference_link', 'one_click', 'reply', 'keyword', 'landing_page', 'manual', 'import') AS is_known_via
    FROM worded
),

judged AS (
    SELECT
        *,
        known_action IN ('opt_out', 'opt_out_request', 'opt_out_confirm', 'pause', 'frequency') AS is_restrictive,
        CASE
            WHEN known_action = 'opt_out' AND fault IS NULL AND said_action NOT IN ('opt_out', 'opt_out_request')
            THEN 'action ' || said_action
        END AS unknown_action,
        CASE WHEN NOT is_known_channel THEN 'channel ' || said_channel END AS unknown_channel,
        CASE WHEN said_actor <> '' AND NOT is_known_actor THEN 'actor ' || said_actor END AS unknown_actor,
        CASE WHEN said_via <> '' AND NOT is_known_via THEN 'via ' || said_via END AS unknown_via
    FROM acted
)

SELECT
    *,
    CASE WHEN said_channel <> '' AND is_known_channel THEN said_channel ELSE 'any' END AS known_channel,
    CASE
        WHEN is_known_actor THEN said_actor
        WHEN said_actor <> '' THEN 'system'
        WHEN NOT is_restrictive AND said_via IN ('', 'manual', 'import') THEN 'import'
        ELSE 'owner'
    END AS known_actor,
    CASE WHEN is_known_via THEN said_via END AS known_via,
    CASE
        WHEN coalesce(unknown_code, unknown_action, unknown_channel, unknown_actor, unknown_via) IS NOT NULL
        THEN filled(concat_ws('; ', unknown_code, unknown_action, unknown_channel, unknown_actor, unknown_via))
    END AS unknown_words
FROM judged;
