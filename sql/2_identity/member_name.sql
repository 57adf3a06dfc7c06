-- Organisation and id of every profile that shares a key with another.
-- grain: profile_key    as: scratch table    reads: shared_key_ever, profile_row_now, profile_past
WITH member AS (
    SELECT DISTINCT profile_key
    FROM shared_key_ever
),

named AS (
    SELECT member.profile_key, profile_row_now.organisation, profile_row_now.profile_id
    FROM profile_row_now
    INNER JOIN member ON profile_row_now.profile_key = member.profile_key
    UNION ALL
    SELECT member.profile_key, profile_past.organisation, profile_past.profile_id
    FROM profile_past
    INNER JOIN member ON profile_past.profile_key = member.profile_key
)

SELECT profile_key, min(organisation) AS organisation, min(profile_id) AS profile_id
FROM named
GROUP BY profile_key;
