-- Staged rows with the interval that their written time covers (domain §2 "time is an interval"); NULL: not usable. Of two times
-- with a slash between it is what lies from the earlier to the later one, without an end where the second cannot be read.
-- `unread_time` is a time that cannot be read, as it was written; `told_until` an event's end as far as it is told, for its key.
-- grain: row of the file    as: query    reads: staged
WITH tidied AS (
    SELECT
        staged.*,
        loading('timezone') AS zone,
        contains(staged.written_time, '/') AS is_span,
        tidy_time(
            CASE WHEN contains(staged.written_time, '/') THEN split_part(staged.written_time, '/', 1) ELSE staged.written_time END
        ) AS tidy,
        CASE WHEN contains(staged.written_time, '/') THEN tidy_time(split_part(staged.written_time, '/', 2)) END AS tidy_end
    FROM staged
),

parsed AS (
    SELECT
        *,
        exact_time(tidy) AS exact, local_time(tidy) AS local_start,
        exact_time(tidy_end) AS exact_end, local_time(tidy_end) AS local_end
    FROM tidied
),

read AS (
    SELECT
        *,
        CASE WHEN exact IS NOT NULL THEN exact ELSE local_from(local_start, zone) END AS first_from,
        CASE
            WHEN exact IS NOT NULL AND has_seconds(tidy) THEN exact  -- nothing to add, and adding is a calendar's work
            WHEN exact IS NOT NULL THEN exact + written_rest(tidy)
            ELSE local_until(local_start + written_day(tidy), zone) + written_rest(tidy)
        END AS first_until,
        CASE WHEN is_span THEN coalesce(exact_end, local_from(local_end, zone)) END AS last_from,
        CASE
            WHEN is_span THEN coalesce(exact_end, local_until(local_end + written_day(tidy_end), zone)) + written_rest(tidy_end)
        END AS last_until
    FROM parsed
)

SELECT
    * EXCLUDE (
        tidy, tidy_end, exact, exact_end, local_start, local_end, zone, is_span, first_from, first_until, last_from, last_until,
        written_time
    ),
    CASE WHEN last_from < first_from THEN last_from ELSE first_from END AS time_from,
    CASE
        WHEN NOT is_span THEN first_until
        WHEN last_until < first_until THEN first_until
        ELSE last_until
    END AS time_until,
    CASE WHEN last_until >= first_until THEN last_until ELSE first_until END AS told_until,
    CASE WHEN first_from IS NULL THEN filled(written_time) END AS unread_time
FROM read;
