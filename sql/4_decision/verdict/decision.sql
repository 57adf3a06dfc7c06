-- The verdict: a candidate without a reason is the audience.
-- grain: candidate_no    as: scratch view    reads: candidate, exclusion
SELECT candidate.candidate_no, exclusion.candidate_no IS NULL AS is_audience, exclusion.reason AS primary_reason
FROM candidate
LEFT JOIN exclusion ON candidate.candidate_no = exclusion.candidate_no AND exclusion.is_primary;
