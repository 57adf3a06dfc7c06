-- Consent events, each once: of rows that say the same, the first arrival's stands for all.
-- grain: event_no    reads: consent_parquet, load, consent_repeat
SELECT
    load.consent_first_row + consent_parquet.file_row_number AS event_no,
    load.source,
    load.feed,
    load.file,
    consent_parquet.file_row_number + 1 AS row_number,
    load.received_at,
    consent_parquet.* EXCLUDE (load_key, fault, file_row_number, region, event_key)
FROM consent_parquet
INNER JOIN load ON consent_parquet.load_key = load.load_key
LEFT JOIN consent_repeat ON consent_parquet.event_key = consent_repeat.event_key
WHERE consent_parquet.fault IS NULL
    AND (consent_repeat.first_no IS NULL OR consent_repeat.first_no = load.consent_first_row + consent_parquet.file_row_number);
