-- The verdict: every reason with its rank, the smallest being the primary one; a candidate without a reason is the audience.
CREATE TABLE exclusion AS
SELECT *, rank = min(rank) OVER (PARTITION BY candidate_no) AS is_primary
FROM exclusion_found;
CREATE VIEW decision AS
SELECT candidate.candidate_no, exclusion.candidate_no IS NULL AS is_audience, exclusion.reason AS primary_reason
FROM candidate
LEFT JOIN exclusion ON candidate.candidate_no = exclusion.candidate_no AND exclusion.is_primary;
-- The candidates with what their profiles say: read from the profiles once more, which is cheaper than joining them back.
CREATE VIEW candidate_record AS
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
