-- The restrictions that this campaign may meet: those that cover it on its channel, and, where a form opens the whole
-- organisation, opt-outs elsewhere in it, which may end such a form's consent. `scope_rank`: 0 group … 3 list.
-- grain: restriction_no    reads: restriction, campaign, scope_tree
WITH placed AS (
    SELECT
        restriction.* EXCLUDE (scope, scope_id, channel),
        restriction.scope,
        restriction.scope_id,
        CASE restriction.scope WHEN 'group' THEN 0 WHEN 'organisation' THEN 1 WHEN 'brand' THEN 2 ELSE 3 END AS scope_rank,
        restriction.scope = 'group'
        OR (restriction.scope = 'organisation' AND restriction.scope_id IN (campaign.organisation, '*'))
        OR (restriction.scope = 'brand' AND restriction.scope_id = campaign.brand)
        OR (restriction.scope = 'list' AND restriction.scope_id IS NOT DISTINCT FROM campaign.list) AS is_covering,
        campaign.is_form_widened AND scope_tree.organisation = campaign.organisation
        AND restriction.kind IN ('opt_out', 'opt_out_confirm') AS is_elsewhere
    FROM restriction
    CROSS JOIN campaign
    LEFT JOIN scope_tree ON restriction.scope = scope_tree.scope AND restriction.scope_id = scope_tree.scope_id
    WHERE restriction.channel IN (campaign.channel, 'any')
        AND restriction.occurred_from <= campaign.as_of
        AND (NOT restriction.is_flag OR campaign.heeds_flags)
)

SELECT * EXCLUDE (is_elsewhere)
FROM placed
WHERE is_covering OR is_elsewhere;
