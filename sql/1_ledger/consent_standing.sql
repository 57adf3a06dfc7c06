-- What snapshots say without a time of its own: once per unbroken run of the feed's snapshots, as of the run's first (domain
-- §2), so that saying it again every night does not defeat the owner's newer form.
-- grain: event_no    as: scratch table    reads: consent_parquet, load, load_line
WITH said AS (
    SELECT
        consent_parquet.event_key,
        load.feed,
        load.series,
        load_line.line,
        load_line.arrival_no,
        min(load.received_at) AS received_at,
        min(load.consent_first_row + consent_parquet.file_row_number) AS row_no
    FROM consent_parquet
    INNER JOIN load ON consent_parquet.load_key = load.content_key
    INNER JOIN load_line ON load.load_key = load_line.load_key
    WHERE consent_parquet.is_standing AND consent_parquet.fault IS NULL AND NOT load.is_refused
    GROUP BY consent_parquet.event_key, load.feed, load.series, load_line.line, load_line.arrival_no
),

numbered AS (
    SELECT *, arrival_no - row_number() OVER (PARTITION BY event_key, feed, series, line ORDER BY arrival_no) AS run_no
    FROM said
),

run_of AS (
    SELECT feed, series, min_by(row_no, arrival_no) AS row_no, min(received_at) AS received_at
    FROM numbered
    GROUP BY event_key, feed, series, line, run_no
)

-- A row can stand for two runs, when the same bytes came again after a silence: an event's number is not its row's.
SELECT
    4000000000000000 + row_number() OVER (ORDER BY row_no, received_at, series) AS event_no,
    row_no,
    received_at
FROM (SELECT DISTINCT series, row_no, received_at FROM run_of) AS told;
