-- Every delivery event, once, with the columns of the canonical feed and where it came from.
-- grain: source, event    as: view    reads: delivery_fact
SELECT
    event_id, occurred_from AS occurred_at, type, channel, address, nullif(bounce_class, '') AS bounce_class, reason,
    status_code, diagnostic, campaign,
    organisation, actor, explanation,
    source, feed, file, row_number, occurred_from, occurred_until, received_at, vendor_label,
    coalesce(raw_address, address) AS raw_address,
    unknown
FROM delivery_fact;
