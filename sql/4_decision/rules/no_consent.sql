-- There is no consent of the kind that the policy asks for.
-- grain: candidate_no    as: query    reads: consent_missing
SELECT candidate_no
FROM consent_missing
WHERE reason = 'no_consent';
