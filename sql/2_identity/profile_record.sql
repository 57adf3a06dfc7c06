-- The record of every profile that exists, with the person behind it. What equals something else stands only once: `email` and
-- `phone` are NULL where they are in normal form, the other keys where they are those of the profile or of its address.
-- grain: profile_no    as: table    reads: profile_row_now, profile_deleted, profile_contested, person_member, person_member_now
SELECT
    profile_row_now.row_no AS profile_no,
    profile_row_now.profile_key,
    person_member.person_key AS shared_person_key,
    person_member_now.person_key AS shared_person_now_key,
    profile_row_now.organisation,
    profile_row_now.profile_id,
    profile_row_now.email,
    profile_row_now.email_address,
    profile_row_now.email_key,
    CASE WHEN profile_row_now.mailbox_key <> profile_row_now.email_key THEN profile_row_now.mailbox_key END AS other_mailbox_key,
    profile_row_now.phone,
    profile_row_now.phone_number,
    profile_row_now.phone_line,
    profile_row_now.phone_key,
    profile_row_now.first_name,
    profile_row_now.last_name,
    profile_row_now.birth_date,
    profile_row_now.street,
    profile_row_now.postal_code,
    profile_row_now.city,
    profile_row_now.country,
    profile_row_now.language,
    profile_row_now.updated_at,
    profile_row_now.external_id,
    profile_row_now.attributes,
    profile_row_now.region,
    profile_row_now.feed,
    profile_row_now.load_order,
    profile_row_now.since,
    profile_row_now.received_at
FROM profile_row_now
LEFT JOIN profile_deleted ON profile_row_now.feed = profile_deleted.feed AND profile_row_now.profile_key = profile_deleted.profile_key
LEFT JOIN profile_contested ON profile_row_now.profile_key = profile_contested.profile_key
LEFT JOIN person_member ON profile_row_now.profile_key = person_member.profile_key
LEFT JOIN person_member_now ON profile_row_now.profile_key = person_member_now.profile_key
WHERE profile_row_now.operation <> 'delete'
    AND (
        profile_deleted.profile_key IS NULL
        OR profile_row_now.load_order > profile_deleted.deleted_order
        OR (profile_row_now.load_order = profile_deleted.deleted_order AND profile_row_now.row_no > profile_deleted.deleted_row)
    )
    AND (
        profile_contested.profile_key IS NULL
        OR (profile_contested.row_no = profile_row_now.row_no AND profile_contested.load_order = profile_row_now.load_order)
    );
