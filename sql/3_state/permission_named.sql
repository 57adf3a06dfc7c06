-- Every permissive event with the address that it names: its own, or the one that its profile held when it occurred.
-- grain: event_no, address_key    as: view    reads: consent_fact, permission_placed
SELECT
    consent_fact.event_no, consent_fact.action, consent_fact.actor, consent_fact.via,
    consent_fact.legal_basis IS NOT NULL AND consent_fact.explanation IS NOT NULL AS is_founded,
    consent_fact.explanation IS NOT NULL AS is_explained,
    consent_fact.channel, consent_fact.scope, consent_fact.scope_id,
    coalesce(consent_fact.address_key, permission_placed.address_key) AS address_key,
    permission_placed.kind AS placed_kind,
    consent_fact.profile_key, consent_fact.occurred_from, consent_fact.occurred_until, consent_fact.source, consent_fact.event_id
FROM consent_fact
LEFT JOIN permission_placed ON consent_fact.event_no = permission_placed.event_no
WHERE consent_fact.action IN ('opt_in', 'opt_in_request', 'opt_in_confirm', 'opt_out_cancel', 'resume')
    AND (consent_fact.address_key IS NOT NULL OR permission_placed.address_key IS NOT NULL);
