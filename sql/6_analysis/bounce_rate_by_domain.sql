-- Bounces against deliveries by the recipients' domain: a bad domain, or a bad reputation there, stands out.
-- grain: domain    as: view    reads: delivery_event
SELECT
    split_part(address, '@', -1) AS domain,
    count(*) FILTER (WHERE type = 'delivered') AS delivered,
    count(*) FILTER (WHERE type = 'bounce') AS bounced,
    count(*) FILTER (WHERE bounce_class = 'hard') AS hard,
    count(*) FILTER (WHERE bounce_class = 'block') AS blocked,
    count(*) FILTER (WHERE type = 'complaint') AS complaints,
    round(count(*) FILTER (WHERE type = 'bounce') / nullif(count(*) FILTER (WHERE type IN ('delivered', 'bounce')), 0), 4) AS bounce_rate
FROM delivery_event
WHERE contains(address, '@')
GROUP BY domain
ORDER BY bounced DESC, domain;
