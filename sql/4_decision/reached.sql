-- Restrictions and the candidates they reach, with the way: the first that applies of address, mailbox, profile, person.
-- grain: candidate_no, restriction_no    as: scratch table
-- reads: reached_pair, candidate, restriction_here, restriction_holder, restriction_profile, campaign
SELECT DISTINCT
    reached_pair.candidate_no,
    reached_pair.restriction_no,
    CASE
        WHEN restriction_here.address_key = candidate.address_key THEN 'address'
        WHEN campaign.reach = 'address' AND candidate.address_key IS NOT NULL THEN 'address'
        WHEN campaign.reach = 'person' AND restriction_here.mailbox_key = candidate.mailbox_key THEN 'mailbox'
        WHEN restriction_profile.profile_key IS NOT NULL OR restriction_holder.is_named THEN 'profile'
        ELSE 'person'
    END AS reached_via
FROM reached_pair
CROSS JOIN campaign
INNER JOIN restriction_here ON reached_pair.restriction_no = restriction_here.restriction_no
INNER JOIN candidate ON reached_pair.candidate_no = candidate.candidate_no
LEFT JOIN restriction_profile
    ON reached_pair.restriction_no = restriction_profile.restriction_no AND candidate.profile_key = restriction_profile.profile_key
LEFT JOIN restriction_holder
    ON reached_pair.restriction_no = restriction_holder.restriction_no AND candidate.profile_key = restriction_holder.profile_key;
