-- Every row that a profile file ever said, once per arrival of the file; the higher `row_no`, the later.
-- grain: row_no, load_order    as: scratch view    reads: profile_parquet, load
SELECT
    load.profile_first_row + profile_parquet.file_row_number AS row_no,
    load.load_order,
    load.feed,
    load.received_at,
    least(coalesce(profile_parquet.updated_at, load.received_at), load.received_at) AS since,
    profile_parquet.* EXCLUDE (load_key, fault, file_row_number)
FROM profile_parquet
INNER JOIN load ON profile_parquet.load_key = load.content_key
WHERE profile_parquet.fault IS NULL AND profile_parquet.operation NOT IN ('former', 'merged');
