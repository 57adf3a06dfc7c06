-- The rows of delivery files with their organisation as it is called now.
-- grain: load_key, file_row_number    as: query    reads: delivery_written, former_name
SELECT delivery_written.* REPLACE (coalesce(owner.name, delivery_written.organisation) AS organisation)
FROM delivery_written
LEFT JOIN former_name AS owner ON owner.kind = 'organisation' AND delivery_written.organisation = owner.former;
