-- The owner's own limit is reached: the latest wish per scope, over messages inside that scope to any address of the person.
-- Wishes of one moment hold all. The window reaches as far behind the contact as before it: what is planned there was published first.
-- grain: candidate_no    as: query    reads: survivor, standing, message, campaign
WITH wish AS (
    SELECT
        *,
        rank() OVER (PARTITION BY candidate_no, scope ORDER BY occurred_from DESC, occurred_until DESC) AS place
    FROM standing
    WHERE kind = 'frequency'
),

counted AS (
    SELECT
        survivor.candidate_no,
        wish.restriction_no,
        wish.scope,
        wish.scope_id,
        wish.reached_via,
        wish.max_messages,
        wish.per_days,
        wish.source,
        wish.event_id,
        wish.occurred_from,
        wish.occurred_until,
        count(message.message_no) AS messages
    FROM wish
    CROSS JOIN campaign
    INNER JOIN survivor ON wish.candidate_no = survivor.candidate_no
    LEFT JOIN message
        ON survivor.person_key = message.person_key
        AND message.sent_at >= campaign.contact_at - wish.per_days * INTERVAL 24 HOUR
        AND message.sent_at <= campaign.contact_at + wish.per_days * INTERVAL 24 HOUR
        AND (
            wish.scope = 'group'
            OR (message.organisation IS NULL)
            OR (wish.scope = 'organisation' AND message.organisation = campaign.organisation)
            OR (
                wish.scope IN ('brand', 'list')
                AND message.organisation = campaign.organisation
                AND coalesce(message.brand, campaign.brand) = campaign.brand
                AND (wish.scope = 'brand' OR coalesce(message.list, campaign.list) = campaign.list)
            )
        )
    WHERE wish.place = 1 AND wish.max_messages IS NOT NULL
    GROUP BY ALL
),

reached AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY candidate_no
            ORDER BY occurred_from DESC, occurred_until DESC, source, event_id, reached_via, restriction_no
        ) AS evidence_place
    FROM counted
    WHERE messages >= max_messages
)

SELECT
    candidate_no,
    reached_via,
    scope_id,
    source AS evidence_source,
    event_id AS evidence_event_id,
    occurred_from AS evidence_at,
    messages || ' in ' || per_days || ' days, wished ' || max_messages AS detail
FROM reached
WHERE evidence_place = 1;
