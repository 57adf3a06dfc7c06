-- stop: a permissive event names an address and a time; without either it may lift nothing.
-- grain: permission    reads: permission
SELECT permission_no
FROM permission
WHERE address_key IS NULL OR occurred_from IS NULL OR occurred_from > occurred_until;
