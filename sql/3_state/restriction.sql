-- Every opt-out, pending opt-out, pause and wish for fewer messages, whoever it reaches and whether it still stands.
-- A complaint is besides an opt-out of the organisation whose message it was (domain §5).
-- What the configuration does not have any more is wider (domain §8): an organisation is the group, a brand or list the
-- organisation that it was of, as far as that is known, else the row's or its feed's, else the group. An id of an organisation
-- that is gone is that id in every organisation.
-- grain: restriction_no    as: table    reads: consent_fact, delivery_fact, flag_event, load, organisation_setting, scope_owner, scope_tree
WITH scoped AS (
    SELECT
        consent_fact.*,
        scope_tree.scope IS NULL AND consent_fact.scope_id <> '*' AS is_orphan,
        owner.organisation IS NULL AS is_unplaced,
        CASE WHEN consent_fact.scope IN ('brand', 'list') THEN home.organisation END AS home
    FROM consent_fact
    INNER JOIN (SELECT DISTINCT feed, feed_organisation FROM load) AS teller ON consent_fact.feed = teller.feed
    LEFT JOIN scope_tree ON consent_fact.scope = scope_tree.scope AND consent_fact.scope_id = scope_tree.scope_id
    LEFT JOIN scope_owner ON consent_fact.scope = scope_owner.scope AND consent_fact.scope_id = scope_owner.scope_id
    LEFT JOIN organisation_setting AS home
        ON coalesce(
            scope_owner.organisation, consent_fact.profile_organisation, consent_fact.organisation, teller.feed_organisation
        ) = home.organisation
    LEFT JOIN organisation_setting AS owner ON consent_fact.profile_organisation = owner.organisation
    WHERE consent_fact.action IN ('opt_out', 'opt_out_confirm', 'opt_out_request', 'pause', 'frequency')
)

SELECT
    event_no AS restriction_no,
    action AS kind,
    actor = 'owner' AS is_by_owner,
    channel,
    CASE WHEN NOT is_orphan THEN scope WHEN home IS NULL THEN 'group' ELSE 'organisation' END AS scope,
    CASE WHEN NOT is_orphan THEN scope_id ELSE coalesce(home, '') END AS scope_id,
    address_key,
    mailbox_key,
    profile_key,
    CASE WHEN is_unplaced THEN profile_id END AS unplaced_profile_id,
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
    flag_event.restriction_no, 'opt_out', false, flag_event.channel,
    CASE WHEN organisation_setting.organisation IS NULL THEN 'group' ELSE 'organisation' END,
    coalesce(organisation_setting.organisation, ''),
    flag_event.address_key, flag_event.mailbox_key, flag_event.profile_key, NULL, flag_event.occurred_from, flag_event.occurred_until,
    flag_event.received_at, NULL, NULL, NULL, flag_event.source, flag_event.event_id, flag_event.reason, true
FROM flag_event
LEFT JOIN organisation_setting ON flag_event.organisation = organisation_setting.organisation;
