-- Every permissive event with the address that it names: its own, or the one that its profile held when it occurred.
-- grain: event_no, address_key    reads: consent_fact, address_claim
WITH permissive AS (
    SELECT
        event_no, action, actor, via,
        legal_basis IS NOT NULL AND explanation IS NOT NULL AS is_founded, explanation IS NOT NULL AS is_explained,
        channel, scope, scope_id, address_key, profile_key, occurred_from, occurred_until, source, event_id
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
)

SELECT permissive.*
FROM permissive
WHERE permissive.address_key IS NOT NULL
UNION ALL
SELECT permissive.* REPLACE (held_then.at_first[1] AS address_key)
FROM permissive
INNER JOIN held_then ON permissive.event_no = held_then.event_no
WHERE held_then.at_first[1] = held_then.at_last[1];
