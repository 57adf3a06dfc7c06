-- Why each excluded candidate may not be used: every reason with its evidence, as exclusions.parquet holds it.
-- A candidate without a readable address has the empty one; what stood in its cell is told in detail.
-- grain: candidate, reason
-- reads: candidate, exclusion
SELECT
    coalesce(candidate.address, '') AS address,
    candidate.profile_id,
    candidate.person_id,
    exclusion.reason,
    exclusion.rank,
    exclusion.is_primary,
    exclusion.reached_via,
    exclusion.scope_id,
    exclusion.evidence_source,
    exclusion.evidence_event_id,
    exclusion.evidence_at,
    coalesce(nullif(exclusion.detail, ''), CASE WHEN candidate.address IS NULL THEN candidate.raw_address END, '') AS detail
FROM exclusion
INNER JOIN candidate ON exclusion.candidate_no = candidate.candidate_no
