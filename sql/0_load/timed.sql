-- Staged rows with the interval that their written time covers (domain §2 "time is an interval"); NULL: not usable.
-- grain: row of the file    reads: staged
WITH tidied AS (
    SELECT staged.*, loading('timezone') AS zone, tidy_time(staged.written_time) AS tidy
    FROM staged
),

parsed AS (
    SELECT *, exact_time(tidy) AS exact, local_time(tidy) AS local_start
    FROM tidied
)

SELECT
    * EXCLUDE (tidy, exact, local_start, zone, written_time),
    CASE WHEN exact IS NOT NULL THEN exact ELSE local_from(local_start, zone) END AS time_from,
    CASE
        WHEN exact IS NOT NULL AND has_seconds(tidy) THEN exact  -- nothing to add, and adding is a calendar's work
        WHEN exact IS NOT NULL THEN exact + written_rest(tidy)
        ELSE local_until(local_start + written_day(tidy), zone) + written_rest(tidy)
    END AS time_until
FROM parsed;
