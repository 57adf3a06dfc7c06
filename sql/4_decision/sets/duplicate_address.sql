-- Of candidates with one address, one gets the message: the latest consent, then the latest update, then the smallest id.
-- grain: candidate_no    as: query    reads: survivor, profile, campaign, crowded_key, placeholder_mailbox
WITH shared AS (
    SELECT survivor.address_key
    FROM survivor
    CROSS JOIN campaign
    -- By a mailbox that they share two profiles are one person, unless one is too crowded or a placeholder: nobody else has to be compared.
    WHERE survivor.has_other_profile OR NOT campaign.uses_mailbox OR campaign.address_kind <> 'email'
        OR EXISTS (SELECT 1 FROM crowded_key)
        OR EXISTS (SELECT 1 FROM placeholder_mailbox)
    GROUP BY survivor.address_key
    HAVING count(*) > 1
),

ranked AS (
    SELECT
        survivor.candidate_no,
        profile.profile_id,
        row_number() OVER chosen AS place,
        first_value(profile.profile_id) OVER chosen AS winner
    FROM survivor
    INNER JOIN shared ON survivor.address_key = shared.address_key
    INNER JOIN profile ON survivor.candidate_no = profile.profile_no
    WINDOW chosen AS (
        PARTITION BY survivor.address_key
        ORDER BY survivor.consented_at DESC NULLS LAST, survivor.updated_at DESC NULLS LAST, profile.profile_id
    )
)

SELECT candidate_no, 'address' AS reached_via, 'profile ' || winner || ' gets it' AS detail
FROM ranked
WHERE place > 1;
