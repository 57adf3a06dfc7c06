-- The permissive events that cover this campaign on its channel, with what each is able to do (domain §4, table and point 5).
-- With `resubscribe_reach: organisation` an owner's form counts once more, for its whole organisation.
-- Narrow: who needs the event's words reads them by its number.
-- grain: permission_no, address_key, scope_rank    as: scratch table    reads: permission, campaign
WITH able AS (
    SELECT
        permission.permission_no,
        permission.address_key,
        permission.profile_key,
        permission.occurred_from,
        permission.occurred_until,
        permission.is_request_by_owner,
        permission.scope,
        permission.scope_id,
        permission.organisation,
        campaign.organisation AS campaign_organisation,
        campaign.brand AS campaign_brand,
        campaign.list AS campaign_list,
        campaign.is_form_widened,
        permission.actor = 'owner' AND (
            permission.action = 'opt_in_confirm'
            OR (permission.action = 'opt_in' AND permission.via IN ('form', 'landing_page') AND NOT campaign.is_double_opt_in)
        ) AS is_form,
        -- A confirmed form is asked for as of its request, unless the owner could have opted in without one.
        CASE
            WHEN permission.is_request_by_owner AND NOT campaign.is_double_opt_in THEN permission.occurred_from
            ELSE least(permission.request_from, permission.occurred_from)
        END AS form_from,
        permission.actor = 'owner' AND permission.action = 'opt_in'
        AND coalesce(permission.via IN ('preference_link', 'keyword', 'reply'), false) AS is_link,
        permission.action = 'opt_in' AND permission.actor IN ('staff', 'staff_four_eyes') AND permission.is_founded
        AND campaign.may_staff_resubscribe AS is_staff,
        permission.action = 'opt_in' AND permission.actor = 'staff_four_eyes' AS is_four_eyes,
        permission.action = 'opt_out_cancel' AND permission.actor = 'owner' AS is_cancel,
        permission.action = 'resume' AND (
            permission.actor IN ('owner', 'staff_four_eyes') OR (permission.actor = 'staff' AND permission.is_explained)
        ) AS is_resume,
        permission.action = 'opt_in_request' OR (permission.action = 'opt_in' AND campaign.is_double_opt_in) AS is_unconfirmed,
        CASE
            WHEN permission.action = 'opt_in_confirm'
            THEN permission.actor IN ('owner', 'import') OR (permission.actor IN ('staff', 'staff_four_eyes') AND permission.is_founded)
            WHEN permission.action = 'opt_in' AND NOT campaign.is_double_opt_in
            THEN permission.actor = 'owner' OR (permission.actor IN ('staff', 'staff_four_eyes', 'import') AND permission.is_founded)
            ELSE false
        END AS is_consent
    FROM permission
    CROSS JOIN campaign
    WHERE permission.channel IN (campaign.channel, 'any')
        AND permission.occurred_from <= campaign.as_of
        -- Who names a profile alone means the address that it held then, with reach `profile` too.
        AND (permission.placed_kind IS NULL OR permission.placed_kind = campaign.address_kind)
)

SELECT
    * EXCLUDE (campaign_organisation, campaign_brand, campaign_list, is_form_widened, scope, scope_id, organisation),
    CASE scope WHEN 'group' THEN 0 WHEN 'organisation' THEN 1 WHEN 'brand' THEN 2 ELSE 3 END AS scope_rank
FROM able
WHERE scope = 'group'
    OR (scope = 'organisation' AND scope_id = campaign_organisation)
    OR (scope = 'brand' AND scope_id = campaign_brand)
    OR (scope = 'list' AND scope_id = campaign_list)
UNION ALL
SELECT
    * EXCLUDE (campaign_organisation, campaign_brand, campaign_list, is_form_widened, scope, scope_id, organisation),
    1 AS scope_rank
FROM able
WHERE is_form_widened AND is_form AND scope IN ('brand', 'list') AND organisation = campaign_organisation;
