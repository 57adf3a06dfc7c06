-- stop: nobody with a standing opt-out is in the audience of a marketing campaign (promise 1).
-- grain: candidate    reads: decision, standing, campaign
SELECT decision.candidate_no
FROM decision
CROSS JOIN campaign
INNER JOIN standing ON decision.candidate_no = standing.candidate_no
WHERE decision.is_audience AND campaign.message_class = 'marketing' AND standing.kind IN ('opt_out', 'opt_out_confirm');
