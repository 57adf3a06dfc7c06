-- The profiles that a restriction means by its address: those that hold or have held that very address (`is_named`), and
-- those that hold or have held another spelling of the mailbox.
-- grain: restriction_no, profile_key    as: table    reads: restriction, held
WITH meant AS (
    SELECT restriction.restriction_no, held.profile_key, held.person_key, restriction.address_key = held.address_key AS is_named
    FROM restriction
    INNER JOIN held ON restriction.mailbox_key = held.mailbox_key
    UNION ALL
    SELECT restriction.restriction_no, held.profile_key, held.person_key, true AS is_named
    FROM restriction
    INNER JOIN held ON restriction.address_key = held.address_key
    WHERE restriction.mailbox_key IS NULL
)

SELECT restriction_no, profile_key, min(person_key) AS person_key, bool_or(is_named) AS is_named
FROM meant
GROUP BY restriction_no, profile_key;
