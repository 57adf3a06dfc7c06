-- The request that a confirmation answers: the latest earlier one of the same address, channel and scope (domain §4).
-- grain: confirm_no, address_key    as: table    reads: permission_named
SELECT
    confirmed.event_no AS confirm_no,
    confirmed.address_key,
    max(requested.occurred_from) AS request_from,
    max_by(requested.actor = 'owner', (requested.occurred_from, requested.actor <> 'owner')) AS is_by_owner
FROM permission_named AS confirmed
INNER JOIN permission_named AS requested
    ON confirmed.address_key = requested.address_key
    AND confirmed.channel = requested.channel
    AND confirmed.scope = requested.scope
    AND confirmed.scope_id = requested.scope_id
    AND requested.occurred_from < confirmed.occurred_from
WHERE confirmed.action = 'opt_in_confirm' AND requested.action = 'opt_in_request'
GROUP BY confirmed.event_no, confirmed.address_key;
