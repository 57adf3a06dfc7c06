-- Who the campaign is for: the profiles of its organisation that meet the segment, with their primary address for the channel.
-- `address_key` is NULL where there is no usable address.
-- grain: candidate_no    as: scratch table    reads: addressed, campaign
SELECT
    addressed.profile_no AS candidate_no,
    addressed.profile_key,
    addressed.person_key,
    addressed.person_now_key,
    addressed.has_other_profile,
    addressed.address_key,
    addressed.address_mailbox_key AS mailbox_key,
    addressed.has_text,
    addressed.updated_at
FROM addressed
CROSS JOIN campaign
WHERE addressed.organisation = campaign.organisation;
