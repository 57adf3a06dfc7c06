-- Candidates whose address or domain is on a register of the channel, in force for their country: the profile's, else the
-- organisation's. Who has written something there that is no country may be at home in any: every register holds.
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
    AND coalesce(country_in(profile.country), organisation_setting.country) = register_country.country
WHERE register_setting.channel IN (campaign.channel, 'any')
    AND (NOT register_setting.has_countries OR register_country.country IS NOT NULL OR is_unknown_country(profile.country));
