-- Every consent event, once, with the columns of the canonical feed and where it came from.
-- grain: source, event    as: view    reads: consent_fact
SELECT
    event_id, occurred_from AS occurred_at, action, channel, address, profile_id, organisation, scope, scope_id, actor, via,
    legal_basis, explanation,
    reason, reason_text, evidence, paused_until AS until, max_messages, per_days,
    source, feed, file, row_number, occurred_from, occurred_until, received_at, vendor_label,
    coalesce(raw_address, address) AS raw_address,
    unknown
FROM consent_fact;
