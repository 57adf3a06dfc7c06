-- Every permissive event with the address that it names: its own, or the one that its profile held when it occurred.
-- grain: permission_no, address_key    reads: consent_fact, address_claim, request_of, scope_tree
WITH permissive AS (
    SELECT *
    FROM consent_fact
    WHERE action IN ('opt_in', 'opt_in_request', 'opt_in_confirm', 'opt_out_cancel', 'resume')
),

held_then AS (
    SELECT
        permissive.event_no,
        address_claim.kind,
        max_by((address_claim.address_key, 0), (address_claim.since, address_claim.load_order, address_claim.row_no))
            FILTER (WHERE address_claim.since <= permissive.occurred_from) AS at_first,
        max_by((address_claim.address_key, 0), (address_claim.since, address_claim.load_order, address_claim.row_no)) AS at_last
    FROM permissive
    INNER JOIN address_claim ON permissive.profile_key = address_claim.profile_key AND address_claim.since <= permissive.occurred_until
    WHERE permissive.address_key IS NULL
        AND (permissive.channel = 'any' OR (permissive.channel = 'email') = (address_claim.kind = 'email'))
    GROUP BY permissive.event_no, address_claim.kind
),

named AS (
    SELECT permissive.event_no, permissive.address_key
    FROM permissive
    WHERE permissive.address_key IS NOT NULL
    UNION ALL
    SELECT event_no, at_first[1] AS address_key
    FROM held_then
    WHERE at_first[1] = at_last[1]
)

SELECT
    permissive.event_no AS permission_no,
    permissive.action,
    permissive.actor,
    permissive.via,
    permissive.legal_basis IS NOT NULL AND permissive.explanation IS NOT NULL AS is_founded,
    permissive.explanation IS NOT NULL AS is_explained,
    permissive.channel,
    permissive.scope,
    permissive.scope_id,
    scope_tree.organisation,
    scope_tree.brand,
    scope_tree.list,
    named.address_key,
    permissive.profile_key,
    permissive.occurred_from,
    permissive.occurred_until,
    coalesce(request_of.request_from, permissive.occurred_from) AS request_from,
    coalesce(request_of.is_by_owner, true) AS is_request_by_owner,
    permissive.source,
    permissive.event_id
FROM permissive
INNER JOIN named ON permissive.event_no = named.event_no
LEFT JOIN request_of ON permissive.event_no = request_of.confirm_no
INNER JOIN scope_tree ON permissive.scope = scope_tree.scope AND permissive.scope_id = scope_tree.scope_id;
