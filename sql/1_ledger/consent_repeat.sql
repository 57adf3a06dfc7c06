-- Consent events that stand in more than one row, and the first of those rows.
-- grain: event_key    as: scratch table    reads: consent_parquet, load
SELECT
    consent_parquet.event_key,
    min(load.consent_first_row + consent_parquet.file_row_number) AS first_no
FROM consent_parquet
INNER JOIN load ON consent_parquet.load_key = load.load_key
WHERE consent_parquet.fault IS NULL AND NOT consent_parquet.is_standing AND load.may_repeat
GROUP BY consent_parquet.event_key
HAVING count(*) > 1;
