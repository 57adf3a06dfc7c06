-- On the newest audience of a campaign, or in a file, that this campaign leaves out; matched by address or by person.
-- grain: candidate_no    as: query    reads: candidate, left_out, held
WITH person_left_out AS (
    SELECT held.person_key, min(left_out.origin) AS origin
    FROM left_out
    INNER JOIN held ON left_out.address_key = held.address_key
    GROUP BY held.person_key
    UNION ALL
    -- Another spelling of a mailbox that the person holds is an address of theirs, also where nobody holds that spelling.
    SELECT held.person_key, min(left_out.origin) AS origin
    FROM left_out
    INNER JOIN held ON left_out.mailbox_key = coalesce(held.mailbox_key, held.address_key)
    GROUP BY held.person_key
    UNION ALL
    SELECT held.person_key, min(left_out.origin) AS origin
    FROM left_out
    INNER JOIN held ON left_out.profile_key = held.profile_key
    GROUP BY held.person_key
),

hit AS (
    SELECT candidate.candidate_no, left_out.origin, 'address' AS reached_via, 1 AS place
    FROM left_out
    INNER JOIN candidate ON left_out.address_key = candidate.address_key
    UNION ALL
    SELECT candidate.candidate_no, person_left_out.origin, 'person' AS reached_via, 2 AS place
    FROM person_left_out
    INNER JOIN candidate ON person_left_out.person_key = candidate.person_key
    WHERE candidate.address_key IS NOT NULL
)

SELECT candidate_no, min_by(reached_via, place) AS reached_via, min_by(origin, (place, origin)) AS detail
FROM hit
GROUP BY candidate_no;
