-- There is only a request, or under double opt-in a single opt-in, later than every opt-out.
-- grain: candidate_no    as: query    reads: consent_missing, permission
SELECT
    consent_missing.candidate_no,
    'address' AS reached_via,
    min(permission.scope_id) AS scope_id,
    min(permission.source) AS evidence_source,
    min(permission.event_id) AS evidence_event_id,
    min(consent_missing.evidence_at) AS evidence_at
FROM consent_missing
INNER JOIN permission ON consent_missing.permission_no = permission.permission_no
WHERE consent_missing.reason = 'consent_unconfirmed'
GROUP BY consent_missing.candidate_no;
