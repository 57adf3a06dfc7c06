-- The entries of each register's edition in force: the newest one that was loaded.
-- grain: register, entry_kind, value    as: table    reads: register_parquet, load, edition_now
SELECT DISTINCT
    register_parquet.register,
    register_parquet.entry_kind,
    register_parquet.algorithm,
    register_parquet.normalisation,
    register_parquet.value,
    register_parquet.address_key,
    load.feed,
    load.file,
    load.received_at
FROM register_parquet
INNER JOIN load ON register_parquet.load_key = load.content_key
INNER JOIN edition_now ON load.load_key = edition_now.load_key
WHERE register_parquet.fault IS NULL;
