-- The opt-ins that could be a consent for a candidate (domain §4 "consent"), at a scope that the organisation asks for.
-- grain: candidate_no, permission_no, scope_rank    reads: allowed, campaign
SELECT allowed.*
FROM allowed
CROSS JOIN campaign
WHERE allowed.scope_rank <= campaign.consent_rank
    AND (
        allowed.is_link
        OR (allowed.action = 'opt_in_confirm' AND (
            allowed.actor IN ('owner', 'import') OR (allowed.actor IN ('staff', 'staff_four_eyes') AND allowed.is_founded)
        ))
        OR (allowed.action = 'opt_in' AND NOT campaign.is_double_opt_in AND (
            allowed.actor = 'owner' OR (allowed.actor IN ('staff', 'staff_four_eyes', 'import') AND allowed.is_founded)
        ))
    );
