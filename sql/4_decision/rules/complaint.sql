-- The owner complained; only the owner's confirmed form or a release under four eyes ends it.
-- grain: candidate_no    as: query    reads: quarantine_here
SELECT
    candidate_no,
    'address' AS reached_via,
    source AS evidence_source,
    event_id AS evidence_event_id,
    evidence_at
FROM quarantine_here
WHERE reason = 'complaint';
