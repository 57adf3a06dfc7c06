-- When each address was last freed: by a delivery, by staff's release, by a release under four eyes.
-- grain: address_key, channel    as: scratch table    reads: trouble_now
SELECT
    address_key,
    channel,
    max(occurred_from) AS reset_from,
    max(CASE WHEN type = 'release' THEN occurred_from END) AS release_from,
    max(CASE WHEN type = 'release' AND actor = 'staff_four_eyes' THEN occurred_from END) AS four_eyes_from
FROM trouble_now
WHERE type IN ('delivered', 'release')
GROUP BY address_key, channel;
