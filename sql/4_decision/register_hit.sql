-- Candidates that stand on a register's edition in force, plain or by hash of the address or of `@domain`.
-- grain: candidate_no, register    as: scratch view    reads: candidate, register_entry, register_text, profile, campaign
SELECT candidate.candidate_no, register_entry.register, register_entry.received_at
FROM register_entry
INNER JOIN candidate ON register_entry.address_key = candidate.address_key
WHERE register_entry.entry_kind = 'address'
UNION
SELECT candidate.candidate_no, register_entry.register, register_entry.received_at
FROM register_entry
INNER JOIN profile ON register_entry.value = split_part(profile.email_address, '@', -1)
INNER JOIN candidate ON profile.profile_no = candidate.candidate_no
CROSS JOIN campaign
WHERE register_entry.entry_kind = 'domain' AND campaign.address_kind = 'email'
UNION
SELECT register_text.candidate_no, register_entry.register, register_entry.received_at
FROM register_entry
INNER JOIN register_text
    ON register_entry.value = register_text.hashed
    AND register_entry.algorithm = register_text.algorithm
    AND register_entry.normalisation = register_text.normalisation
WHERE register_entry.entry_kind = 'hash';
