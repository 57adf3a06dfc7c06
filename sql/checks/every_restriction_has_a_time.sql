-- stop: a restriction counts from a time on, and nothing lifts what has no end of its interval.
-- grain: restriction    reads: restriction
SELECT restriction_no
FROM restriction
WHERE occurred_from IS NULL OR occurred_until IS NULL OR occurred_from > occurred_until OR occurred_until > received_at;
