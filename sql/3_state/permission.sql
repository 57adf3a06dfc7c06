-- Every permissive event that names an address, with the request that it confirms and the place of its scope.
-- grain: permission_no, address_key    as: view    reads: permission_named, request_of, scope_place
SELECT
    named.event_no AS permission_no,
    named.action,
    named.actor,
    named.via,
    named.is_founded,
    named.is_explained,
    named.channel,
    named.scope,
    named.scope_id,
    scope_place.organisation,
    scope_place.brand,
    scope_place.list,
    named.address_key,
    named.placed_kind,
    named.profile_key,
    named.occurred_from,
    named.occurred_until,
    coalesce(request_of.request_from, named.occurred_from) AS request_from,
    coalesce(request_of.is_by_owner, true) AS is_request_by_owner,
    named.source,
    named.event_id
FROM permission_named AS named
LEFT JOIN request_of ON named.event_no = request_of.confirm_no AND named.address_key = request_of.address_key
INNER JOIN scope_place ON named.scope = scope_place.scope AND named.scope_id = scope_place.scope_id;
