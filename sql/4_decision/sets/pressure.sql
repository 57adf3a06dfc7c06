-- The organisation's limit of messages per person and window, before the contact and behind it, is reached.
-- grain: candidate_no    as: query    reads: survivor, message, campaign
SELECT
    survivor.candidate_no,
    'person' AS reached_via,
    campaign.organisation AS scope_id,
    count(message.message_no) || ' in ' || campaign.pressure_days || ' days' AS detail
FROM survivor
CROSS JOIN campaign
LEFT JOIN message
    ON survivor.person_key = message.person_key
    AND message.sent_at >= campaign.contact_at - campaign.pressure_days * INTERVAL 24 HOUR
    AND message.sent_at <= campaign.contact_at + campaign.pressure_days * INTERVAL 24 HOUR
    AND (message.organisation IS NULL OR message.organisation = campaign.organisation)
WHERE campaign.pressure_messages IS NOT NULL
GROUP BY survivor.candidate_no, campaign.organisation, campaign.pressure_days, campaign.pressure_messages
HAVING count(message.message_no) >= campaign.pressure_messages;
