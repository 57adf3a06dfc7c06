-- Profiles that a CRM has merged into another, also by way of a third: what names one of the two names both.
-- grain: former_key, survivor_key    as: scratch table    reads: profile_former
WITH RECURSIVE told AS (
    SELECT DISTINCT
        profile_key AS former_key,
        key_of(organisation || chr(31) || survivor_id) AS survivor_key,
        survivor_id
    FROM profile_former
    WHERE operation = 'merged' AND survivor_id <> profile_id
),

led AS (
    SELECT former_key, survivor_key, survivor_id FROM told
    UNION
    SELECT led.former_key, told.survivor_key, told.survivor_id
    FROM led
    INNER JOIN told ON led.survivor_key = told.former_key
    WHERE told.survivor_key <> led.former_key
)

SELECT former_key, survivor_key, min(survivor_id) AS survivor_id
FROM led
GROUP BY former_key, survivor_key;
