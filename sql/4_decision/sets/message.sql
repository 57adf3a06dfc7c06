-- What persons got or are about to get on the campaign's channel: `sent` events, and other campaigns' audiences where no `sent` of
-- that campaign has come yet; where several of its audiences count, none since this one was published (`sent_from`).
-- Brand and list are NULL where they are not known.
-- grain: message_no, person_key    as: scratch table    reads: delivery_fact, held, campaign, campaign_place, planned
WITH sent AS (
    SELECT
        'sent ' || delivery_fact.event_no AS message_no,
        held.person_key,
        delivery_fact.campaign,
        delivery_fact.occurred_until AS sent_at,
        coalesce(campaign_place.organisation, delivery_fact.organisation) AS organisation,
        campaign_place.brand,
        campaign_place.list
    FROM delivery_fact
    CROSS JOIN campaign
    -- Another spelling of a mailbox that the person holds is an address of theirs, whether somebody holds it or not.
    INNER JOIN held ON coalesce(delivery_fact.mailbox_key, delivery_fact.address_key) = coalesce(held.mailbox_key, held.address_key)
    LEFT JOIN campaign_place ON delivery_fact.campaign = campaign_place.campaign
    WHERE delivery_fact.type = 'sent'
        AND delivery_fact.channel IN (campaign.channel, 'any')
        AND delivery_fact.occurred_from <= campaign.as_of
)

SELECT DISTINCT *
FROM sent
UNION ALL
SELECT DISTINCT
    -- One to each address of a person that is in the audience.
    'planned ' || planned.campaign || ' ' || planned.run_id || ' ' || planned.address_key AS message_no,
    held.person_key,
    planned.campaign,
    planned.contact_at AS sent_at,
    planned.organisation,
    planned.brand,
    planned.list
FROM planned
INNER JOIN held ON planned.mailbox_key = coalesce(held.mailbox_key, held.address_key)
LEFT JOIN sent
    ON sent.person_key = held.person_key
    AND sent.campaign = planned.campaign
    AND (planned.sent_from IS NULL OR sent.sent_at >= planned.sent_from)
WHERE sent.person_key IS NULL;
