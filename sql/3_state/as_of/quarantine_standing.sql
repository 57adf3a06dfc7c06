-- Why each address that is quarantined or denied is so: one row per reason, with its latest event as evidence. `last_until`
-- is what an owner's form must be later than.
-- grain: address_key, channel, reason    as: scratch table    reads: quarantine_event
WITH ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY address_key, channel, reason
            ORDER BY occurred_from DESC, occurred_until DESC, source, event_id
        ) AS place,
        min(occurred_from) OVER (PARTITION BY address_key, channel, reason) AS since,
        max(occurred_until) OVER (PARTITION BY address_key, channel, reason) AS last_until,
        bool_or(is_by_staff) OVER (PARTITION BY address_key, channel, reason) AS is_any_by_staff
    FROM quarantine_event
)

SELECT
    address_key, channel, reason, is_any_by_staff AS is_by_staff, since, last_until, occurred_from AS evidence_at, source, event_id
FROM ranked
WHERE place = 1;
