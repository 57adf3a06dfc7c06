-- The places of the scopes at the time of the build: every brand and list with what it belongs to.
-- grain: scope, scope_id    as: table    reads: scope_tree
SELECT scope, scope_id, organisation, brand, list
FROM scope_tree;
