-- The address was erased: its keyed hash is among the tombstones, and no confirmed form of the owner is later (domain §4).
-- grain: candidate_no    as: query    reads: candidate_hash, tombstone, allowed
SELECT candidate_hash.candidate_no, min(tombstone.erased_at) AS evidence_at, min(tombstone.request) AS evidence_event_id
FROM candidate_hash
INNER JOIN tombstone ON candidate_hash.keyed_hash = tombstone.keyed_hash
LEFT JOIN allowed
    ON candidate_hash.candidate_no = allowed.candidate_no
    AND allowed.is_form
    AND allowed.form_from > tombstone.erased_at
    AND allowed.occurred_from > tombstone.erased_at
WHERE allowed.candidate_no IS NULL
GROUP BY candidate_hash.candidate_no;
