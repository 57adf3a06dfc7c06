-- Of several addresses that one person holds now, one gets the message, chosen as among one address.
-- grain: candidate_no    as: query    reads: survivor, profile
WITH shared AS (
    SELECT person_now_key
    FROM survivor
    WHERE has_other_profile
    GROUP BY person_now_key
    HAVING count(*) > 1
),

ranked AS (
    SELECT
        survivor.candidate_no,
        profile.profile_id,
        row_number() OVER chosen AS place,
        first_value(profile.profile_id) OVER chosen AS winner
    FROM survivor
    INNER JOIN shared ON survivor.person_now_key = shared.person_now_key
    INNER JOIN profile ON survivor.candidate_no = profile.profile_no
    WINDOW chosen AS (
        PARTITION BY survivor.person_now_key
        ORDER BY survivor.consented_at DESC NULLS LAST, survivor.updated_at DESC NULLS LAST, profile.profile_id
    )
)

SELECT candidate_no, 'person' AS reached_via, 'profile ' || winner || ' gets it' AS detail
FROM ranked
WHERE place > 1;
