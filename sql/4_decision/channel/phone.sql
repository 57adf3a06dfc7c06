-- The profiles of the segment with the number that a campaign calls.
-- grain: profile_no    as: query    reads: in_segment
SELECT
    in_segment.*,
    phone_number AS address,
    phone AS raw_address,
    phone_key AS address_key,
    CAST(NULL AS DECIMAL(38, 0)) AS address_mailbox_key,
    CASE WHEN phone_key IS NOT NULL THEN true ELSE trim(phone) <> '' END AS has_text
FROM in_segment;
