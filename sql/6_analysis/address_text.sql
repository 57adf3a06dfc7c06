-- The text of every address that has had trouble.
-- grain: address_key    as: scratch table    reads: delivery_fact, trouble
SELECT delivery_fact.address_key, min(delivery_fact.address) AS address
FROM delivery_fact
INNER JOIN (SELECT DISTINCT address_key FROM trouble) AS troubled ON delivery_fact.address_key = troubled.address_key
GROUP BY delivery_fact.address_key;
