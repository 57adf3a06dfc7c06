-- The persons that a restriction means: the named profile's, and whoever holds or has held the named address in any spelling,
-- also where a shared mailbox does not make one person (`identity.keys`).
-- grain: restriction_no, person_key    as: table    reads: restriction_holder, restriction_profile, person_member
SELECT restriction_no, person_key
FROM restriction_holder
UNION
SELECT restriction_profile.restriction_no, coalesce(person_member.person_key, restriction_profile.profile_key) AS person_key
FROM restriction_profile
LEFT JOIN person_member ON restriction_profile.profile_key = person_member.profile_key;
