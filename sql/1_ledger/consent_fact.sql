-- Consent events, each once: of rows that say the same, the first arrival's stands for all; what a snapshot says without a time
-- counts as of the first of its run.
-- grain: event_no    as: table    reads: consent_parquet, load, consent_repeat, consent_standing
SELECT
    coalesce(consent_standing.event_no, load.consent_first_row + consent_parquet.file_row_number) AS event_no,
    load.source,
    load.feed,
    load.file,
    coalesce(consent_parquet.record_number, consent_parquet.file_row_number + 1) AS row_number,
    coalesce(consent_standing.received_at, load.received_at) AS received_at,
    consent_parquet.* EXCLUDE (
        load_key, record_number, is_standing, fault, file_row_number, region, event_key
    ) REPLACE (
        coalesce(consent_standing.received_at, consent_parquet.occurred_from) AS occurred_from,
        coalesce(consent_standing.received_at, consent_parquet.occurred_until) AS occurred_until
    )
FROM consent_parquet
INNER JOIN load ON consent_parquet.load_key = load.load_key
LEFT JOIN consent_repeat ON consent_parquet.event_key = consent_repeat.event_key
LEFT JOIN consent_standing ON load.consent_first_row + consent_parquet.file_row_number = consent_standing.row_no
WHERE consent_parquet.fault IS NULL
    AND CASE
        WHEN consent_parquet.is_standing THEN consent_standing.row_no IS NOT NULL
        ELSE consent_repeat.first_no IS NULL OR consent_repeat.first_no = load.consent_first_row + consent_parquet.file_row_number
    END;
