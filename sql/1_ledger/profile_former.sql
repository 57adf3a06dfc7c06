-- What files say of profiles' former addresses (`former`) and of profiles that became another one (`merged`), as often as they say it.
-- grain: row_no, load_order    as: scratch table    reads: profile_parquet, load
SELECT
    load.profile_first_row + profile_parquet.file_row_number AS row_no,
    load.load_order,
    load.feed,
    load.received_at,
    least(coalesce(profile_parquet.updated_at, load.received_at), load.received_at) AS since,
    CASE WHEN profile_parquet.operation = 'merged' THEN id_of(profile_parquet.external_id) END AS survivor_id,
    profile_parquet.* EXCLUDE (load_key, fault, file_row_number)
FROM profile_parquet
INNER JOIN load ON profile_parquet.load_key = load.content_key
WHERE profile_parquet.fault IS NULL AND profile_parquet.operation IN ('former', 'merged');
