-- The persons whose restrictions meet a candidate: its own, and everybody else who holds or has held its address.
-- grain: candidate_no, person_key    as: scratch view    reads: candidate, shared_address
SELECT candidate_no, person_key
FROM candidate
UNION ALL
SELECT candidate.candidate_no, shared_address.person_key
FROM candidate
INNER JOIN shared_address
    ON coalesce(candidate.mailbox_key, candidate.address_key) = shared_address.mailbox_key
    AND candidate.person_key <> shared_address.person_key;
