-- The events by which an address is quarantined or denied now, with the reason that each stands for.
-- grain: event_no, reason    as: scratch table    reads: trouble_now, freed, error_counted, error_run, soft_state, clock
SELECT
    trouble_now.address_key,
    trouble_now.channel,
    CASE trouble_now.type WHEN 'bounce' THEN 'quarantined_hard' WHEN 'quarantine' THEN 'quarantined_manual' ELSE 'complaint' END AS reason,
    trouble_now.type = 'quarantine' AND trouble_now.actor IS DISTINCT FROM 'owner' AS is_by_staff,
    trouble_now.event_no,
    trouble_now.occurred_from,
    trouble_now.occurred_until,
    trouble_now.source,
    trouble_now.event_id
FROM trouble_now
LEFT JOIN freed ON trouble_now.address_key = freed.address_key AND trouble_now.channel = freed.channel
WHERE (trouble_now.bounce_class = 'hard' OR trouble_now.type IN ('quarantine', 'complaint'))
    AND trouble_now.occurred_until >= coalesce(
        CASE WHEN trouble_now.type = 'complaint' THEN freed.four_eyes_from ELSE freed.release_from END,
        trouble_now.occurred_until
    )
UNION ALL
SELECT
    error_counted.address_key,
    error_counted.channel,
    'quarantined_soft' AS reason,
    false AS is_by_staff,
    error_counted.event_no,
    error_counted.occurred_from,
    error_counted.occurred_until,
    error_counted.source,
    error_counted.event_id
FROM error_counted
INNER JOIN error_run
    ON error_counted.address_key = error_run.address_key
    AND error_counted.channel = error_run.channel
    AND error_counted.error_day >= error_run.first_day
INNER JOIN soft_state ON error_counted.address_key = soft_state.address_key AND error_counted.channel = soft_state.channel
CROSS JOIN clock
WHERE soft_state.is_reached AND (soft_state.ends_at IS NULL OR soft_state.ends_at > clock.as_of);
