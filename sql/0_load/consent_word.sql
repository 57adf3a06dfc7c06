-- The words of staged consent rows as the vocabulary's; what is unknown is restrictive (domain §2) and named in `unknown`.
-- grain: row of the file    reads: timed
WITH worded AS (
    SELECT
        timed.*,
        word(timed.action) AS said_action,
        word(timed.channel) AS said_channel,
        word(timed.actor) AS said_actor,
        word(timed.via) AS said_via,
        coalesce(mapped_scope(timed.scope_id), word(timed.scope)) AS said_scope,
        coalesce(mapped_scope_id(timed.scope_id), filled(timed.scope_id)) AS said_scope_id
    FROM timed
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
        said_channel IN ('', 'any', 'email', 'sms', 'phone', 'post') AS is_known_channel,
        said_actor IN ('owner', 'staff', 'staff_four_eyes', 'import', 'system', 'provider') AS is_known_actor,
        said_via IN ('form', 'preference_link', 'one_click', 'reply', 'keyword', 'landing_page', 'manual', 'import') AS is_known_via
    FROM worded
),

judged AS (
    SELECT *, known_action IN ('opt_out', 'opt_out_request', 'opt_out_confirm', 'pause', 'frequency') AS is_restrictive
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
    filled(concat_ws('; ',
        filled(unknown_code),
        CASE
            WHEN known_action = 'opt_out' AND fault IS NULL AND said_action NOT IN ('opt_out', 'opt_out_request')
            THEN 'action ' || said_action
        END,
        CASE WHEN NOT is_known_channel THEN 'channel ' || said_channel END,
        CASE WHEN said_actor <> '' AND NOT is_known_actor THEN 'actor ' || said_actor END,
        CASE WHEN said_via <> '' AND NOT is_known_via THEN 'via ' || said_via END
    )) AS unknown_words
FROM judged;
