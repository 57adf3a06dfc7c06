-- The restrictions that cover this campaign on its channel. `scope_rank`: 0 group … 3 list.
-- grain: restriction_no    as: scratch table    reads: restriction, campaign
SELECT
    restriction.* EXCLUDE (channel),
    CASE restriction.scope WHEN 'group' THEN 0 WHEN 'organisation' THEN 1 WHEN 'brand' THEN 2 ELSE 3 END AS scope_rank
FROM restriction
CROSS JOIN campaign
WHERE restriction.channel IN (campaign.channel, 'any')
    AND restriction.occurred_from <= campaign.as_of
    AND (NOT restriction.is_flag OR campaign.heeds_flags)
    AND (
        restriction.scope = 'group'
        OR (restriction.scope = 'organisation' AND restriction.scope_id IN (campaign.organisation, '*'))
        OR (restriction.scope = 'brand' AND restriction.scope_id = campaign.brand)
        OR (restriction.scope = 'list' AND restriction.scope_id IS NOT DISTINCT FROM campaign.list)
    );
