-- Profiles that a feed has deleted, with the last row that said so.
-- grain: feed, profile_key    as: scratch table    reads: profile_row_now
SELECT
    feed,
    profile_key,
    max(load_order) AS deleted_order,
    max_by(row_no, (load_order, row_no)) AS deleted_row
FROM profile_row_now
WHERE operation = 'delete'
GROUP BY feed, profile_key;
