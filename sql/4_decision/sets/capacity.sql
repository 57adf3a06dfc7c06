-- Beyond the campaign's cap, in the order that it declares; ties by keyed hash.
-- grain: candidate_no    as: query    reads: survivor, capacity_place, campaign
SELECT survivor.candidate_no, 'place ' || capacity_place.place || ' of ' || campaign.capacity_max AS detail
FROM survivor
CROSS JOIN campaign
INNER JOIN capacity_place ON survivor.candidate_no = capacity_place.candidate_no
WHERE capacity_place.place > campaign.capacity_max;
