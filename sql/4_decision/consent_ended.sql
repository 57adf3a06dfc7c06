-- Consents that an opt-out at their own or a wider scope ends, or that were too weak to lift an older one. A form that counts for
-- its whole organisation besides is two consents, and each ends for itself.
-- grain: candidate_no, permission_no, scope_rank    as: scratch table    reads: consent_given, reached, restriction_here, lift
SELECT DISTINCT consent_given.candidate_no, consent_given.permission_no, consent_given.scope_rank
FROM consent_given
INNER JOIN reached ON consent_given.candidate_no = reached.candidate_no
INNER JOIN restriction_here ON reached.restriction_no = restriction_here.restriction_no
LEFT JOIN (SELECT DISTINCT candidate_no, restriction_no, permission_no FROM lift) AS able
    ON consent_given.candidate_no = able.candidate_no
    AND consent_given.permission_no = able.permission_no
    AND restriction_here.restriction_no = able.restriction_no
WHERE restriction_here.kind IN ('opt_out', 'opt_out_confirm')
    AND able.permission_no IS NULL
    AND restriction_here.scope_rank <= consent_given.scope_rank;
