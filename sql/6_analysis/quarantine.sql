-- Addresses that are not valid at the build's instant, with the strongest status (domain §5).
-- grain: address, channel    as: table    reads: quarantine_standing, soft_state, address_text, quarantine_setting, clock
WITH status AS (
    SELECT
        address_key,
        channel,
        CASE WHEN reason = 'complaint' THEN 'denied' ELSE 'quarantined' END AS status,
        CASE WHEN reason = 'complaint' THEN 1 ELSE 2 END AS weakness,
        reason,
        since
    FROM quarantine_standing
    UNION ALL
    SELECT soft_state.address_key, soft_state.channel, 'erroneous', 3, 'erroneous', soft_state.since
    FROM soft_state
    CROSS JOIN quarantine_setting
    CROSS JOIN clock
    WHERE NOT soft_state.is_reached
        AND date_diff('day', soft_state.last_day, CAST(clock.as_of AS DATE)) <= quarantine_setting.soft_reset_days
)

SELECT
    address_text.address,
    status.channel,
    min_by(status.status, (status.weakness, status.reason)) AS status,
    min(status.since) AS since,
    CASE WHEN bool_and(status.reason = 'quarantined_soft') THEN max(soft_state.ends_at) END AS until,
    min_by(status.reason, (status.weakness, status.reason)) AS reason,
    coalesce(max(soft_state.error_days), 0) AS error_days
FROM status
INNER JOIN address_text ON status.address_key = address_text.address_key
LEFT JOIN soft_state ON status.address_key = soft_state.address_key AND status.channel = soft_state.channel
GROUP BY address_text.address, status.channel;
