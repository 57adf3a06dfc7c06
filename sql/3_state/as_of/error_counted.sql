-- The errors since an address was last freed, by the UTC day on which they count (domain §5 "soft bounce").
-- grain: event_no    as: scratch table    reads: trouble_now, freed
SELECT
    trouble_now.event_no,
    trouble_now.address_key,
    trouble_now.channel,
    CAST(trouble_now.occurred_until AS DATE) AS error_day,
    trouble_now.is_full,
    trouble_now.occurred_from,
    trouble_now.occurred_until,
    trouble_now.source,
    trouble_now.event_id
FROM trouble_now
LEFT JOIN freed ON trouble_now.address_key = freed.address_key AND trouble_now.channel = freed.channel
WHERE trouble_now.type = 'bounce'
    AND trouble_now.bounce_class IN ('soft', 'undetermined')
    AND (freed.reset_from IS NULL OR trouble_now.occurred_until > freed.reset_from);
