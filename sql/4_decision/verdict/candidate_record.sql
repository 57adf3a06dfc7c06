-- The candidates with what their profiles say: read from the profiles once more, which is cheaper than joining them back.
-- grain: candidate_no    reads: in_segment, campaign
SELECT
    in_segment.* EXCLUDE (person_id),
    in_segment.profile_no AS candidate_no,
    in_segment.person_id,
    CASE
        WHEN campaign.address_kind = 'email' THEN in_segment.email_address
        WHEN campaign.channel = 'sms' AND in_segment.phone_line = 'fixed' THEN NULL
        ELSE in_segment.phone_number
    END AS address,
    CASE WHEN campaign.address_kind = 'email' THEN in_segment.email ELSE in_segment.phone END AS raw_address
FROM in_segment
CROSS JOIN campaign
WHERE in_segment.organisation = campaign.organisation;
