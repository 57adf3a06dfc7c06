-- In the control group: the keyed hash of campaign and person, read as a fraction, is below the share.
-- grain: candidate_no    as: query    reads: survivor, campaign, run_key
SELECT survivor.candidate_no, 'person' AS reached_via
FROM survivor
CROSS JOIN campaign
CROSS JOIN run_key
WHERE substr(
    keyed_hash(run_key.inner_pad, run_key.outer_pad, campaign.campaign || chr(31) || CAST(survivor.person_key AS VARCHAR)), 1, 12
) < campaign.holdout_below;
