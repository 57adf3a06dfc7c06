-- The consents that stand for each candidate: the latest of all, and the latest that has not lapsed.
-- grain: candidate_no    as: scratch table    reads: consent_given, consent_ended, campaign
SELECT
    consent_given.candidate_no,
    max(consent_given.occurred_from) AS latest_at,
    max(CASE
        WHEN campaign.consent_lapsed_at IS NULL OR consent_given.occurred_from > campaign.consent_lapsed_at
        THEN consent_given.occurred_from
    END) AS valid_at
FROM consent_given
CROSS JOIN campaign
LEFT JOIN consent_ended
    ON consent_given.candidate_no = consent_ended.candidate_no
    AND consent_given.permission_no = consent_ended.permission_no
    AND consent_given.scope_rank = consent_ended.scope_rank
WHERE consent_ended.permission_no IS NULL
GROUP BY consent_given.candidate_no;
