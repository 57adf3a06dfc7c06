-- The profiles of the segment with the address that an e-mail campaign writes to. One file a kind of address, so that a campaign
-- reads no text of another kind.
-- grain: profile_no    as: query    reads: in_segment
SELECT
    in_segment.*,
    email_address AS address,
    email AS raw_address,
    email_key AS address_key,
    mailbox_key AS address_mailbox_key,
    CASE WHEN email_key IS NOT NULL THEN true ELSE trim(email) <> '' END AS has_text
FROM in_segment;
