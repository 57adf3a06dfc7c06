-- How each candidate's address is written: normalised, and as it stood in the record where that is another text.
-- grain: candidate_no, written (may repeat)    as: scratch view    reads: candidate, profile, campaign
SELECT candidate.candidate_no, CASE WHEN campaign.address_kind = 'email' THEN profile.email_address ELSE profile.phone_number END AS written
FROM candidate
CROSS JOIN campaign
INNER JOIN profile ON candidate.candidate_no = profile.profile_no
WHERE candidate.address_key IS NOT NULL
UNION ALL
SELECT candidate.candidate_no, trim(CASE WHEN campaign.address_kind = 'email' THEN profile.email ELSE profile.phone END) AS written
FROM candidate
CROSS JOIN campaign
INNER JOIN profile ON candidate.candidate_no = profile.profile_no
WHERE candidate.address_key IS NOT NULL;
