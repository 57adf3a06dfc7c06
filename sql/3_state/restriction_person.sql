-- The persons that a restriction means.
-- grain: restriction_no, person_key    reads: restriction_holder, restriction_profile, person_member, identity_setting
SELECT restriction_holder.restriction_no, restriction_holder.person_key
FROM restriction_holder
CROSS JOIN identity_setting
WHERE restriction_holder.is_named OR identity_setting.uses_mailbox
UNION
SELECT restriction_profile.restriction_no, coalesce(person_member.person_key, restriction_profile.profile_key) AS person_key
FROM restriction_profile
LEFT JOIN person_member ON restriction_profile.profile_key = person_member.profile_key;
