-- What people answered to messages that waited; an opt-out stands, also beside a "none" that somebody answered before or after it.
-- grain: review_id, answer    as: view    reads: answer_fact, review_fact
SELECT
    answer_fact.review_id, answer_fact.answer, answer_fact.answered_by, answer_fact.received_at AS answered_at,
    review_fact.event_id AS message_id, review_fact.channel, review_fact.address, review_fact.occurred_from AS occurred_at,
    review_fact.vendor_label AS why, review_fact.feed, review_fact.file, review_fact.row_number
FROM answer_fact
LEFT JOIN review_fact ON answer_fact.review_id = review_fact.review_id
ORDER BY answered_at, review_id, answer;
