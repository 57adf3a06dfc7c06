-- Error days in runs: a gap of more than `soft_reset_days` begins a new run. From the first run that reaches the threshold on,
-- every day counts, because time alone frees nobody; before that only the last run does.
-- grain: address_key, channel    as: scratch table    reads: error_counted, quarantine_setting
WITH day AS (
    SELECT DISTINCT address_key, channel, error_day
    FROM error_counted
),

stepped AS (
    SELECT
        address_key,
        channel,
        error_day,
        CASE
            WHEN date_diff('day', lag(error_day) OVER (PARTITION BY address_key, channel ORDER BY error_day), error_day)
                <= quarantine_setting.soft_reset_days
            THEN 0
            ELSE 1
        END AS is_begin
    FROM day
    CROSS JOIN quarantine_setting
),

numbered AS (
    SELECT *, sum(is_begin) OVER (PARTITION BY address_key, channel ORDER BY error_day) AS run_no
    FROM stepped
),

run AS (
    SELECT address_key, channel, run_no, count(*) AS days, min(error_day) AS first_day
    FROM numbered
    GROUP BY address_key, channel, run_no
),

begun AS (
    SELECT
        run.address_key,
        run.channel,
        coalesce(min(CASE WHEN run.days >= quarantine_setting.soft_threshold THEN run.first_day END), max(run.first_day)) AS first_day,
        bool_or(run.days >= quarantine_setting.soft_threshold) AS is_reached
    FROM run
    CROSS JOIN quarantine_setting
    GROUP BY run.address_key, run.channel
)

SELECT begun.address_key, begun.channel, begun.first_day, begun.is_reached, count(*) AS error_days
FROM begun
INNER JOIN day ON begun.address_key = day.address_key AND begun.channel = day.channel AND day.error_day >= begun.first_day
GROUP BY begun.address_key, begun.channel, begun.first_day, begun.is_reached;
