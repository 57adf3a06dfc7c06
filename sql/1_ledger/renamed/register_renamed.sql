-- The entries of registers with their register as it is called now.
-- grain: load_key, file_row_number    as: query    reads: register_written, former_name
SELECT register_written.* REPLACE (coalesce(said.name, register_written.register) AS register)
FROM register_written
LEFT JOIN former_name AS said ON said.kind = 'register' AND register_written.register = said.former;
