-- The address that a permissive event means which names a profile alone: the one that it held when it occurred. What is not
-- here names nobody.
-- grain: event_no, kind    as: table    reads: consent_fact, address_claim, channel_kind
WITH nameless AS (
    SELECT event_no, channel, profile_key, occurred_from, occurred_until
    FROM consent_fact
    WHERE action IN ('opt_in', 'opt_in_request', 'opt_in_confirm', 'opt_out_cancel', 'resume') AND address_key IS NULL
),

held_then AS (
    SELECT
        nameless.event_no,
        address_claim.kind,
        max_by((address_claim.address_key, 0), (address_claim.since, address_claim.told_no))
            FILTER (WHERE address_claim.since <= nameless.occurred_from) AS at_first,
        max_by((address_claim.address_key, 0), (address_claim.since, address_claim.told_no)) AS at_last
    FROM nameless
    INNER JOIN address_claim ON nameless.profile_key = address_claim.profile_key AND address_claim.since <= nameless.occurred_until
    LEFT JOIN channel_kind ON nameless.channel = channel_kind.channel
    WHERE nameless.channel = 'any' OR channel_kind.address_kind = address_claim.kind
    GROUP BY nameless.event_no, address_claim.kind
)

SELECT event_no, kind, at_first[1] AS address_key
FROM held_then
WHERE at_first[1] = at_last[1];
