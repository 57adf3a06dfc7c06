-- Staff or a provider put the address into quarantine.
-- grain: candidate_no    as: query    reads: quarantine_here
SELECT
    candidate_no,
    'address' AS reached_via,
    source AS evidence_source,
    event_id AS evidence_event_id,
    evidence_at
FROM quarantine_here
WHERE reason = 'quarantined_manual';
