-- The permissive events that name a candidate: its address, or with reach `profile` its profile (domain §4, point 4).
-- grain: candidate_no, permission_no, scope_rank    as: scratch table    reads: candidate, permission_here, campaign
SELECT candidate.candidate_no, permission_here.* EXCLUDE (address_key, profile_key)
FROM permission_here
CROSS JOIN campaign
INNER JOIN candidate ON permission_here.address_key = candidate.address_key
WHERE campaign.reach <> 'profile'
UNION ALL
SELECT DISTINCT candidate.candidate_no, permission_here.* EXCLUDE (address_key, profile_key)
FROM permission_here
CROSS JOIN campaign
INNER JOIN candidate ON permission_here.profile_key = candidate.profile_key
WHERE campaign.reach = 'profile' AND candidate.address_key IS NOT NULL;
