-- The candidates with what their profiles say: read from the profiles once more, which is cheaper than joining them back.
-- grain: candidate_no    as: scratch view    reads: addressed, campaign
SELECT
    addressed.*,
    addressed.profile_no AS candidate_no
FROM addressed
CROSS JOIN campaign
WHERE addressed.organisation = campaign.organisation;
