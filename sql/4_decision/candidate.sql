-- Who the campaign is for: the profiles of its organisation that meet the segment, with their primary address for the channel.
-- `address_key` is NULL where there is no usable address; on channel `sms` a fixed line is none.
-- grain: candidate_no    reads: in_segment, campaign
SELECT
    in_segment.profile_no AS candidate_no,
    in_segment.profile_key,
    in_segment.person_key,
    in_segment.person_now_key,
    CASE
        WHEN campaign.address_kind = 'email' THEN in_segment.email_key
        WHEN campaign.channel = 'sms' AND in_segment.phone_line = 'fixed' THEN NULL
        ELSE in_segment.phone_key
    END AS address_key,
    CASE WHEN campaign.address_kind = 'email' THEN in_segment.mailbox_key END AS mailbox_key,
    CASE WHEN campaign.address_kind = 'email' THEN trim(in_segment.email) <> '' ELSE trim(in_segment.phone) <> '' END AS has_text,
    in_segment.updated_at
FROM in_segment
CROSS JOIN campaign
WHERE in_segment.organisation = campaign.organisation;
