-- Every opt-out, pending opt-out, pause and wish for fewer messages, whoever it reaches and whether it still stands.
-- A complaint is besides an opt-out of the organisation whose message it was (domain §5).
-- grain: restriction_no    reads: consent_fact, delivery_fact, flag_event, scope_tree
WITH scoped AS (
    SELECT
        consent_fact.*,
        consent_fact.scope IN ('brand', 'list') AND scope_tree.scope IS NULL AS is_orphan
    FROM consent_fact
    LEFT JOIN scope_tree ON consent_fact.scope = scope_tree.scope AND consent_fact.scope_id = scope_tree.scope_id
    WHERE consent_fact.action IN ('opt_out', 'opt_out_confirm', 'opt_out_request', 'pause', 'frequency')
)

SELECT
    event_no AS restriction_no,
    action AS kind,
    actor = 'owner' AS is_by_owner,
    channel,
    CASE WHEN is_orphan THEN 'organisation' ELSE scope END AS scope,
    CASE WHEN is_orphan THEN coalesce(profile_organisation, organisation, '*') ELSE scope_id END AS scope_id,
    address_key,
    mailbox_key,
    profile_key,
    CASE WHEN profile_key IS NULL THEN profile_id END AS unplaced_profile_id,
    occurred_from,
    occurred_until,
    received_at,
    paused_until,
    max_messages,
    per_days,
    source,
    event_id,
    reason,
    false AS is_flag
FROM scoped
UNION ALL
SELECT
    event_no AS restriction_no,
    'opt_out' AS kind,
    true AS is_by_owner,
    channel,
    CASE WHEN organisation IS NULL THEN 'group' ELSE 'organisation' END AS scope,
    coalesce(organisation, '') AS scope_id,
    address_key,
    mailbox_key,
    NULL AS profile_key,
    NULL AS unplaced_profile_id,
    occurred_from,
    occurred_until,
    received_at,
    NULL AS paused_until,
    NULL AS max_messages,
    NULL AS per_days,
    source,
    event_id,
    'complaint' AS reason,
    false AS is_flag
FROM delivery_fact
WHERE type = 'complaint'
UNION ALL
SELECT
    restriction_no, 'opt_out', false, channel, 'organisation', organisation, address_key, mailbox_key, profile_key, NULL,
    occurred_from, occurred_until, received_at, NULL, NULL, NULL, source, event_id, reason, true
FROM flag_event;
