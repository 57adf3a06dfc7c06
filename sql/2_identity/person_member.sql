-- The profiles of every person that has more than one: those that share keys now or ever. The person's key is that of its
-- smallest (organisation, profile_id) (domain §3). A profile that is not here is a person by itself.
-- grain: profile_key    as: table    reads: component_ever, member_name
WITH first_member AS (
    SELECT
        component_ever.component,
        min_by(member_name.profile_key, (member_name.organisation, member_name.profile_id)) AS person_key
    FROM component_ever
    INNER JOIN member_name ON component_ever.profile_key = member_name.profile_key
    GROUP BY component_ever.component
)

SELECT component_ever.profile_key, first_member.person_key
FROM component_ever
INNER JOIN first_member ON component_ever.component = first_member.component;
