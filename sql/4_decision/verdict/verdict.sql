-- The verdict: every reason with its rank, the smallest being the primary one; a candidate without a reason is the audience.
CREATE TABLE exclusion AS
SELECT *, rank = min(rank) OVER (PARTITION BY candidate_no) AS is_primary
FROM exclusion_found;
CREATE TABLE decision AS
SELECT candidate.candidate_no, exclusion.candidate_no IS NULL AS is_audience, exclusion.reason AS primary_reason
FROM candidate
LEFT JOIN exclusion ON candidate.candidate_no = exclusion.candidate_no AND exclusion.is_primary;
CREATE VIEW candidate_record AS
SELECT
    candidate.candidate_no,
    profile.organisation,
    profile.profile_id,
    candidate.candidate_no AS profile_no,
    CAST(candidate.person_key AS VARCHAR) AS person_id,
    CASE
        WHEN candidate.address_key IS NULL THEN NULL
        WHEN campaign.address_kind = 'email' THEN profile.email_address
        ELSE profile.phone_number
    END AS address,
    CASE WHEN campaign.address_kind = 'email' THEN profile.email ELSE profile.phone END AS raw_address
FROM candidate
CROSS JOIN campaign
INNER JOIN warehouse.profile AS profile ON candidate.candidate_no = profile.profile_no;
