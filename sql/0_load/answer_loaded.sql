-- One file of answers to messages that waited for people, as ledger rows in the file's order.
-- grain: row of the file    as: query    reads: staged
SELECT
    load_key, record_number,
    fault,
    id_of(event_id) AS review_id,
    word(answer) AS answer,
    filled(answered_by) AS answered_by,
    NULL::VARCHAR AS unknown,
    key_of(concat_ws(chr(31), loading('source'), id_of(event_id), word(answer))) AS event_key
FROM staged;
