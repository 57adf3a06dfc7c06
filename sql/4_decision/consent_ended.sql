-- Consents that an opt-out at their own or a wider scope ends, or that were too weak to lift an older one.
-- grain: candidate_no, permission_no    reads: consent_given, reached, restriction_here, lift
SELECT DISTINCT consent_given.candidate_no, consent_given.permission_no
FROM consent_given
INNER JOIN reached ON consent_given.candidate_no = reached.candidate_no
INNER JOIN restriction_here ON reached.restriction_no = restriction_here.restriction_no
LEFT JOIN (SELECT DISTINCT candidate_no, restriction_no, permission_no FROM lift) AS able
    ON consent_given.candidate_no = able.candidate_no
    AND consent_given.permission_no = able.permission_no
    AND restriction_here.restriction_no = able.restriction_no
WHERE restriction_here.kind IN ('opt_out', 'opt_out_confirm')
    AND able.permission_no IS NULL
    AND (
        restriction_here.scope = 'group'
        OR (restriction_here.scope = 'organisation' AND consent_given.scope <> 'group')
        OR (restriction_here.scope = 'brand' AND restriction_here.scope_id = consent_given.brand)
        OR (restriction_here.scope = 'list' AND restriction_here.scope_id = consent_given.list)
    );
