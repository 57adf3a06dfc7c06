-- Candidates whose address or domain is on a register of the channel, in force for their country; what is no country is none, and
-- then the organisation's counts.
-- grain: candidate_no, register (may repeat)    as: scratch view
-- reads: candidate, register_hit, register_setting, register_country, campaign, profile, organisation_setting
SELECT candidate.candidate_no, register_hit.register, register_setting.use_when, register_hit.received_at
FROM register_hit
CROSS JOIN campaign
INNER JOIN register_setting ON register_hit.register = register_setting.register
INNER JOIN candidate ON register_hit.candidate_no = candidate.candidate_no
INNER JOIN profile ON candidate.candidate_no = profile.profile_no
INNER JOIN organisation_setting ON campaign.organisation = organisation_setting.organisation
LEFT JOIN register_country
    ON register_setting.register = register_country.register
    AND CASE WHEN is_country(profile.region) THEN profile.region ELSE organisation_setting.country END = register_country.country
WHERE register_setting.channel IN (campaign.channel, 'any')
    AND (NOT register_setting.has_countries OR register_country.country IS NOT NULL);
