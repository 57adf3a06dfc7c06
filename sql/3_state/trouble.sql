-- What delivery events say about addresses: errors, complaints, quarantines, releases; deliveries only where an error was.
-- grain: event_no    as: table    reads: delivery_fact
WITH failed AS (
    SELECT DISTINCT address_key
    FROM delivery_fact
    WHERE type = 'bounce' AND bounce_class IN ('soft', 'undetermined')
)

SELECT
    event_no, address_key, channel, type, bounce_class, coalesce(reason = 'mailbox_full', false) AS is_full, actor,
    occurred_from, occurred_until, source, event_id
FROM delivery_fact
WHERE type IN ('complaint', 'quarantine', 'release') OR (type = 'bounce' AND bounce_class <> 'block')
UNION ALL
SELECT
    delivery_fact.event_no, delivery_fact.address_key, delivery_fact.channel, delivery_fact.type, NULL, false, delivery_fact.actor,
    delivery_fact.occurred_from, delivery_fact.occurred_until, delivery_fact.source, delivery_fact.event_id
FROM delivery_fact
INNER JOIN failed ON delivery_fact.address_key = failed.address_key
WHERE delivery_fact.type = 'delivered';
