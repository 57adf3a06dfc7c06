-- Quarantines and complaints that stand against a candidate's address: an owner's confirmed form later than the last event
-- frees the address for the campaigns that the form covers (domain §4).
-- grain: candidate_no, reason    reads: candidate, quarantine_standing, allowed, campaign
SELECT
    candidate.candidate_no,
    quarantine_standing.reason,
    quarantine_standing.evidence_at,
    quarantine_standing.source,
    quarantine_standing.event_id
FROM quarantine_standing
CROSS JOIN campaign
INNER JOIN candidate ON quarantine_standing.address_key = candidate.address_key
LEFT JOIN allowed
    ON candidate.candidate_no = allowed.candidate_no
    AND allowed.is_form
    AND allowed.form_from > quarantine_standing.last_until
    AND allowed.occurred_from > quarantine_standing.last_until
    AND (allowed.is_request_by_owner OR NOT quarantine_standing.is_by_staff)
    AND (quarantine_standing.reason = 'complaint' OR campaign.is_release_by_form)
WHERE allowed.candidate_no IS NULL;
