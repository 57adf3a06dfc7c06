-- The opt-ins that could be a consent for a candidate (domain §4 "consent"), at a scope that the organisation asks for.
-- grain: candidate_no, permission_no, scope_rank    as: scratch view    reads: allowed, campaign
SELECT allowed.*
FROM allowed
CROSS JOIN campaign
WHERE allowed.scope_rank <= campaign.consent_rank AND (allowed.is_link OR allowed.is_consent);
