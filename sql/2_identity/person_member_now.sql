-- The same by the keys held now: used by "one message per person" alone.
-- grain: profile_key    as: scratch table    reads: component_now
WITH first_member AS (
    SELECT component, min(profile_key) AS person_key
    FROM component_now
    GROUP BY component
)

SELECT component_now.profile_key, first_member.person_key
FROM component_now
INNER JOIN first_member ON component_now.component = first_member.component;
