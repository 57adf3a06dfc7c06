-- The address fails syntax (e-mail) or numbering plan (phone); the raw text is told.
-- grain: candidate_no    as: query    reads: candidate, profile, campaign
SELECT
    candidate.candidate_no,
    CASE WHEN campaign.address_kind = 'email' THEN profile.email ELSE profile.phone END AS detail
FROM candidate
CROSS JOIN campaign
INNER JOIN profile ON candidate.candidate_no = profile.profile_no
WHERE candidate.has_text AND candidate.address_key IS NULL;
