-- Messages that somebody must read: free text that people sent back. It may mean "no", and restricts nobody until staff enter it.
-- grain: message    reads: review_fact
SELECT
    event_id AS message_id, channel, address, coalesce(raw_address, address) AS raw_address, body, scope, scope_id,
    occurred_from AS occurred_at, received_at, source, feed, file, row_number, vendor_label AS why
FROM review_fact
ORDER BY received_at DESC, feed, file, row_number;
