-- Candidates without a consent of the kind that the organisation asks for, and which of the three reasons holds.
-- grain: candidate_no    as: scratch table    reads: candidate, consent_current, unconfirmed, campaign
SELECT
    candidate.candidate_no,
    CASE
        WHEN consent_current.latest_at IS NOT NULL THEN 'consent_expired'
        WHEN unconfirmed.candidate_no IS NOT NULL THEN 'consent_unconfirmed'
        ELSE 'no_consent'
    END AS reason,
    unconfirmed.requested_at AS evidence_at,
    unconfirmed.permission_no
FROM candidate
CROSS JOIN campaign
LEFT JOIN consent_current ON candidate.candidate_no = consent_current.candidate_no
LEFT JOIN unconfirmed ON candidate.candidate_no = unconfirmed.candidate_no
WHERE campaign.is_consent_required
    AND candidate.address_key IS NOT NULL
    AND consent_current.valid_at IS NULL;
