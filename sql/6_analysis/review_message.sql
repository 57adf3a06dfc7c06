-- Messages that wait for somebody to read them: each may mean "no", and restricts nobody until then. `presend review` answers them.
-- grain: message    as: view    reads: review_fact, answer_fact
SELECT
    event_id AS message_id, channel, address, coalesce(raw_address, address) AS raw_address, body, scope, scope_id,
    occurred_from AS occurred_at, received_at, source, feed, file, row_number, vendor_label AS why, review_id
FROM review_fact
WHERE review_id NOT IN (SELECT review_id FROM answer_fact)
ORDER BY received_at DESC, feed, file, row_number;
