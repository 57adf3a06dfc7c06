-- The troubles known at the clock's instant, of its channel where it has one; an event of any channel counts for each.
-- grain: event_no    as: scratch table    reads: trouble, clock
SELECT trouble.* EXCLUDE (channel), coalesce(clock.channel, trouble.channel) AS channel
FROM trouble
CROSS JOIN clock
WHERE trouble.occurred_from <= clock.as_of AND (clock.channel IS NULL OR trouble.channel IN (clock.channel, 'any'));
