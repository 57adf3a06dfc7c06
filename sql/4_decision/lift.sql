-- Which permissive event is able to lift which restriction of a candidate (domain §4, points 1, 5, 6 and the table); whether
-- its scope allows it is for the reader to say: lifting asks for more than consent does. A form that staff asked for counts
-- as its owner's only against what the owner said: staff could undo its own otherwise.
-- grain: candidate_no, restriction_no, permission_no, scope_rank    as: scratch table    reads: reached, restriction_here, allowed
WITH later AS (
    SELECT
        reached.candidate_no,
        reached.restriction_no,
        restriction_here.kind,
        restriction_here.is_by_owner,
        restriction_here.scope,
        restriction_here.scope_rank AS restriction_rank,
        allowed.* EXCLUDE (candidate_no, is_form),
        allowed.is_form AND allowed.form_from > restriction_here.occurred_until
        AND (allowed.is_request_by_owner OR restriction_here.is_by_owner) AS is_form
    FROM reached
    INNER JOIN restriction_here ON reached.restriction_no = restriction_here.restriction_no
    INNER JOIN allowed ON reached.candidate_no = allowed.candidate_no
    WHERE allowed.occurred_from > restriction_here.occurred_until
)

SELECT
    candidate_no,
    restriction_no,
    permission_no,
    scope_rank,
    scope_rank >= restriction_rank AS is_inside
FROM later
WHERE CASE
    WHEN kind = 'opt_out_request' THEN is_cancel OR is_link OR is_form
    WHEN kind = 'pause' THEN is_resume OR is_link OR is_form
    WHEN kind = 'frequency' THEN false
    WHEN is_by_owner THEN is_link OR is_staff OR is_form
    ELSE is_form OR (is_four_eyes AND scope = 'group')
END;
