-- Addresses with soft errors: quarantined at the threshold, erroneous below it until `soft_reset_days` after the last error. A
-- quarantine whose counted errors are all "mailbox full" ends `mailbox_full_days` after the last.
-- grain: address_key, channel    as: scratch table    reads: error_counted, error_run, quarantine_setting
SELECT
    error_run.address_key,
    error_run.channel,
    error_run.is_reached,
    error_run.error_days,
    min(error_counted.occurred_from) AS since,
    max(error_counted.error_day) AS last_day,
    CASE
        WHEN bool_and(error_counted.is_full)
        THEN max(error_counted.occurred_until) + min(quarantine_setting.mailbox_full_days) * INTERVAL 24 HOUR
    END AS ends_at
FROM error_run
CROSS JOIN quarantine_setting
INNER JOIN error_counted
    ON error_run.address_key = error_counted.address_key
    AND error_run.channel = error_counted.channel
    AND error_counted.error_day >= error_run.first_day
GROUP BY error_run.address_key, error_run.channel, error_run.is_reached, error_run.error_days;
