-- The address failed on as many days as the threshold says, and no delivery came after.
-- grain: candidate_no    as: query    reads: quarantine_here
SELECT
    candidate_no,
    'address' AS reached_via,
    source AS evidence_source,
    event_id AS evidence_event_id,
    evidence_at
FROM quarantine_here
WHERE reason = 'quarantined_soft';
