-- What a register hashes that keeps case: the address as it was written and as it is normalised, and `@domain`.
-- grain: candidate_no, spelt    reads: candidate, profile, campaign
SELECT candidate.candidate_no, CASE WHEN campaign.address_kind = 'email' THEN profile.email_address ELSE profile.phone_number END AS spelt
FROM candidate
CROSS JOIN campaign
INNER JOIN profile ON candidate.candidate_no = profile.profile_no
WHERE candidate.address_key IS NOT NULL
UNION ALL
SELECT candidate.candidate_no, trim(CASE WHEN campaign.address_kind = 'email' THEN profile.email ELSE profile.phone END) AS spelt
FROM candidate
CROSS JOIN campaign
INNER JOIN profile ON candidate.candidate_no = profile.profile_no
WHERE candidate.address_key IS NOT NULL
UNION ALL
SELECT candidate.candidate_no, '@' || split_part(profile.email_address, '@', -1) AS spelt
FROM candidate
CROSS JOIN campaign
INNER JOIN profile ON candidate.candidate_no = profile.profile_no
WHERE candidate.address_key IS NOT NULL AND campaign.address_kind = 'email';
