-- The rows of the profile files that still count: for each feed and organisation the newest snapshot and what came after it.
-- grain: row_no, load_order    as: scratch view    reads: profile_parquet_now, load, load_now
SELECT
    load.profile_first_row + profile_parquet_now.file_row_number AS row_no,
    load.load_order,
    load.feed,
    load.received_at,
    least(coalesce(profile_parquet_now.updated_at, load.received_at), load.received_at) AS since,
    profile_parquet_now.* EXCLUDE (load_key, fault, file_row_number)
FROM profile_parquet_now
INNER JOIN load ON profile_parquet_now.load_key = load.content_key
INNER JOIN load_now ON load.load_key = load_now.load_key AND profile_parquet_now.organisation = load_now.organisation
WHERE profile_parquet_now.fault IS NULL AND profile_parquet_now.operation NOT IN ('former', 'merged');
