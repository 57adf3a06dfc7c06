-- An opt-out at the scope of the whole group stands.
-- grain: candidate_no    as: query    reads: opt_out_evidence
SELECT candidate_no, reached_via, scope_id, evidence_source, evidence_event_id, evidence_at, detail
FROM opt_out_evidence
WHERE scope = 'group';
