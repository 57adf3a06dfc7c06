-- Where the rules write: one row per candidate and reason.
CREATE TABLE exclusion_found (
    candidate_no BIGINT, reason VARCHAR, rank INTEGER, reached_via VARCHAR, scope_id VARCHAR, evidence_source VARCHAR,
    evidence_event_id VARCHAR,
    evidence_at TIMESTAMPTZ, detail VARCHAR
);
