-- The messages for people to read with their scope as it is called now.
-- grain: load_key, file_row_number    as: query    reads: review_written, former_name
SELECT review_written.* REPLACE (coalesce(place.name, review_written.scope_id) AS scope_id)
FROM review_written
LEFT JOIN former_name AS place ON review_written.scope = place.kind AND review_written.scope_id = place.former;
