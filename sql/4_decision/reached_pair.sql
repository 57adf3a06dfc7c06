-- Which restriction reaches which candidate, by the organisation's `opt_out_reach` (domain §3).
-- grain: candidate_no, restriction_no (may repeat)    as: scratch view
-- reads: candidate, candidate_person, restriction_here, restriction_person, restriction_holder, restriction_profile
-- reads: restriction_address, campaign
SELECT candidate_person.candidate_no, restriction_person.restriction_no
FROM restriction_person
CROSS JOIN campaign
INNER JOIN restriction_here ON restriction_person.restriction_no = restriction_here.restriction_no
INNER JOIN candidate_person ON restriction_person.person_key = candidate_person.person_key
INNER JOIN candidate ON candidate_person.candidate_no = candidate.candidate_no
WHERE campaign.reach = 'person' AND candidate.address_key IS NOT NULL
UNION ALL
SELECT candidate.candidate_no, restriction_here.restriction_no
FROM restriction_here
CROSS JOIN campaign
INNER JOIN candidate ON restriction_here.address_key = candidate.address_key
WHERE campaign.reach = 'address'
UNION ALL
SELECT candidate.candidate_no, restriction_address.restriction_no
FROM restriction_address
CROSS JOIN campaign
INNER JOIN candidate ON restriction_address.address_key = candidate.address_key
WHERE campaign.reach = 'address'
UNION ALL
SELECT candidate.candidate_no, restriction_here.restriction_no
FROM restriction_here
CROSS JOIN campaign
INNER JOIN restriction_holder ON restriction_here.restriction_no = restriction_holder.restriction_no
INNER JOIN candidate ON restriction_holder.profile_key = candidate.profile_key
WHERE campaign.reach = 'profile' AND restriction_holder.is_named AND candidate.address_key IS NOT NULL
UNION ALL
SELECT candidate.candidate_no, restriction_here.restriction_no
FROM restriction_here
CROSS JOIN campaign
INNER JOIN restriction_profile ON restriction_here.restriction_no = restriction_profile.restriction_no
INNER JOIN candidate ON restriction_profile.profile_key = candidate.profile_key
WHERE campaign.reach = 'profile' OR candidate.address_key IS NULL;
