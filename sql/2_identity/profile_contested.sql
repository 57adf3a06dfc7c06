-- Profiles of which more than one row speaks now, and the row that is the record: the latest `updated_at`, then the latest
-- file, then the last row (contract §2). All other profiles have one row, and cost nothing here.
-- grain: profile_key    as: scratch table    reads: profile_claim
WITH spoken AS (
    SELECT profile_key
    FROM profile_claim
    GROUP BY profile_key
    HAVING count(*) > 1
),

ranked AS (
    SELECT
        profile_claim.profile_key,
        profile_claim.row_no,
        profile_claim.load_order,
        row_number() OVER (
            PARTITION BY profile_claim.profile_key
            ORDER BY profile_claim.updated_at DESC NULLS LAST, profile_claim.load_order DESC, profile_claim.row_no DESC
        ) AS place
    FROM profile_claim
    INNER JOIN spoken ON profile_claim.profile_key = spoken.profile_key
)

SELECT profile_key, row_no, load_order
FROM ranked
WHERE place = 1;
