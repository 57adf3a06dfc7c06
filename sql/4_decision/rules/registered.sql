-- On a register in force whose use is `always`, or `without_consent` where no consent stands.
-- grain: candidate_no    as: query    reads: register_here, consent_current
SELECT
    register_here.candidate_no,
    'address' AS reached_via,
    max(register_here.received_at) AS evidence_at,
    min(register_here.register) AS evidence_source,
    min(register_here.register) AS detail
FROM register_here
LEFT JOIN consent_current ON register_here.candidate_no = consent_current.candidate_no AND consent_current.valid_at IS NOT NULL
WHERE register_here.use_when = 'always' OR consent_current.candidate_no IS NULL
GROUP BY register_here.candidate_no;
