-- Every reason against every candidate, with its rank; the smallest is the primary one.
-- grain: candidate_no, reason    as: scratch table    reads: exclusion_found
SELECT *, rank = min(rank) OVER (PARTITION BY candidate_no) AS is_primary
FROM exclusion_found;
