-- Which permissive event is able to lift which restriction of a candidate (domain §4, points 1, 5, 6 and the table); whether
-- its scope allows it is for the reader to say: lifting asks for more than consent does.
-- grain: candidate_no, restriction_no, permission_no, scope_rank    reads: reached, restriction_here, allowed
SELECT
    reached.candidate_no,
    reached.restriction_no,
    allowed.permission_no,
    allowed.scope_rank,
    allowed.scope_rank >= restriction_here.scope_rank AS is_inside
FROM reached
INNER JOIN restriction_here ON reached.restriction_no = restriction_here.restriction_no
INNER JOIN allowed ON reached.candidate_no = allowed.candidate_no
WHERE allowed.occurred_from > restriction_here.occurred_until
    AND CASE
        WHEN restriction_here.kind = 'opt_out_request'
        THEN allowed.is_cancel OR allowed.is_link OR (allowed.is_form AND allowed.form_from > restriction_here.occurred_until)
        WHEN restriction_here.kind = 'pause'
        THEN allowed.is_resume OR allowed.is_link OR (allowed.is_form AND allowed.form_from > restriction_here.occurred_until)
        WHEN restriction_here.kind = 'frequency' THEN false
        WHEN restriction_here.is_by_owner
        THEN allowed.is_link OR allowed.is_staff OR (allowed.is_form AND allowed.form_from > restriction_here.occurred_until)
        ELSE
            (allowed.is_form AND allowed.is_request_by_owner AND allowed.form_from > restriction_here.occurred_until)
            OR (allowed.is_four_eyes AND restriction_here.scope = 'group')
    END;
