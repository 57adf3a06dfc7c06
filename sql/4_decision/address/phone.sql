-- The profiles of the segment with the number that a campaign calls or writes to: where it needs a mobile one, a fixed line is none.
-- grain: profile_no    as: query    reads: in_segment, campaign
SELECT
    in_segment.*,
    CASE WHEN campaign.needs_mobile AND phone_line = 'fixed' THEN NULL ELSE phone_number END AS address,
    phone AS raw_address,
    CASE WHEN campaign.needs_mobile AND phone_line = 'fixed' THEN NULL ELSE phone_key END AS address_key,
    CAST(NULL AS DECIMAL(38, 0)) AS address_mailbox_key,
    CASE WHEN phone_key IS NOT NULL THEN true ELSE trim(phone) <> '' END AS has_text
FROM in_segment
CROSS JOIN campaign;
