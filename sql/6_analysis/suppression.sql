-- Restrictions that stand at the build's instant for what they name: opt-outs, pending opt-outs, pauses and quarantines. A
-- restriction counts as lifted here only where the owner's own later form or link at its very scope names the same address.
-- grain: subject, scope, channel, kind, evidence    as: table
-- reads: restriction, permission, consent_fact, delivery_fact, flag_event, quarantine, clock
WITH lifted AS (
    SELECT DISTINCT restriction.restriction_no
    FROM restriction
    INNER JOIN permission
        ON restriction.address_key = permission.address_key
        AND restriction.scope = permission.scope
        AND restriction.scope_id = permission.scope_id
        AND permission.channel IN (restriction.channel, 'any')
        AND permission.request_from > restriction.occurred_until
        AND permission.occurred_from > restriction.occurred_until
    WHERE permission.actor = 'owner'
        AND (
            (permission.action = 'opt_in_confirm' AND (permission.is_request_by_owner OR restriction.is_by_owner))
            OR (restriction.is_by_owner AND permission.action = 'opt_in' AND permission.via IN ('preference_link', 'keyword', 'reply'))
            OR (restriction.kind = 'pause' AND permission.action = 'resume')
            OR (restriction.kind = 'opt_out_request' AND permission.action = 'opt_out_cancel')
        )
),

named AS (
    SELECT event_no AS restriction_no, address, organisation, profile_id
    FROM consent_fact
    UNION ALL
    SELECT event_no, address, organisation, NULL
    FROM delivery_fact
    WHERE type = 'complaint'
    UNION ALL
    SELECT restriction_no, NULL, organisation, profile_id
    FROM flag_event
)

SELECT
    coalesce(named.address, 'profile ' || named.profile_id) AS subject,
    restriction.scope,
    restriction.scope_id,
    restriction.channel,
    restriction.kind,
    restriction.occurred_from AS since,
    restriction.paused_until AS until,
    restriction.source AS evidence_source,
    restriction.event_id AS evidence_event_id,
    restriction.reason
FROM restriction
CROSS JOIN clock
INNER JOIN named ON restriction.restriction_no = named.restriction_no
LEFT JOIN lifted ON restriction.restriction_no = lifted.restriction_no
WHERE lifted.restriction_no IS NULL
    AND restriction.occurred_from <= clock.as_of
    AND (restriction.paused_until IS NULL OR restriction.paused_until >= clock.as_of)
UNION ALL
SELECT address, NULL, NULL, channel, 'quarantine', since, until, NULL, NULL, reason
FROM quarantine
WHERE status <> 'erroneous';
