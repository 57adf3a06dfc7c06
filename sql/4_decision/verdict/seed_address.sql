-- Control addresses that may be added: valid, not erased, forbidden, quarantined or denied, and not in the audience already.
-- grain: address    as: scratch table
-- reads: seed_text, forbidden_address, forbidden_domain, quarantine_standing, tombstone, run_key, candidate, decision
SELECT seed_text.address
FROM seed_text
WHERE NOT EXISTS (SELECT 1 FROM forbidden_address WHERE forbidden_address.address_key = key_of(seed_text.address))
    AND NOT EXISTS (SELECT 1 FROM forbidden_domain WHERE forbidden_domain.domain = split_part(seed_text.address, '@', -1))
    AND NOT EXISTS (SELECT 1 FROM quarantine_standing WHERE quarantine_standing.address_key = key_of(seed_text.address))
    AND NOT EXISTS (
        SELECT 1
        FROM tombstone
        CROSS JOIN run_key
        WHERE tombstone.keyed_hash = keyed_hash(run_key.inner_pad, run_key.outer_pad, seed_text.address)
    )
    AND NOT EXISTS (
        SELECT 1
        FROM candidate
        INNER JOIN decision ON candidate.candidate_no = decision.candidate_no
        WHERE decision.is_audience AND candidate.address_key = key_of(seed_text.address)
    );
