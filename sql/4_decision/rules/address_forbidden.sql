-- The address is on the workspace's list, or its domain exactly is; sub-domains are not meant.
-- grain: candidate_no    as: query    reads: candidate, forbidden_address, forbidden_domain, profile, campaign
SELECT candidate.candidate_no, 'address' AS detail
FROM candidate
INNER JOIN forbidden_address ON candidate.address_key = forbidden_address.address_key
UNION ALL
SELECT candidate.candidate_no, 'domain ' || forbidden_domain.domain AS detail
FROM candidate
CROSS JOIN campaign
INNER JOIN profile ON candidate.candidate_no = profile.profile_no
INNER JOIN forbidden_domain ON split_part(profile.email_address, '@', -1) = forbidden_domain.domain
LEFT JOIN forbidden_address ON candidate.address_key = forbidden_address.address_key
WHERE campaign.address_kind = 'email' AND forbidden_address.address_key IS NULL;
