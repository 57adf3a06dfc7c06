-- Why each excluded candidate may not be used: every reason with its evidence, as exclusions.parquet holds it.
-- A candidate without a readable address has the empty one; what stood in its cell is told in detail.
-- grain: candidate, reason    as: query
-- reads: candidate_record, exclusion
SELECT
    coalesce(candidate_record.address, '') AS address,
    candidate_record.profile_id,
    candidate_record.person_id,
    exclusion.reason,
    exclusion.rank,
    exclusion.is_primary,
    exclusion.reached_via,
    exclusion.scope_id,
    exclusion.evidence_source,
    exclusion.evidence_event_id,
    exclusion.evidence_at,
    coalesce(nullif(exclusion.detail, ''), CASE WHEN candidate_record.address IS NULL THEN candidate_record.raw_address END, '') AS detail
FROM exclusion
INNER JOIN candidate_record ON exclusion.candidate_no = candidate_record.candidate_no
