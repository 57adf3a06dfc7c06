-- With reach `address`: the addresses of a named profile that a restriction means, those known when it was received, or
-- the first that became known (domain §3). Who names an address of this kind beside the profile means that address.
-- grain: restriction_no, address_key    as: scratch table    reads: restriction_here, restriction_profile, held, campaign
WITH known AS (
    SELECT
        restriction_here.restriction_no,
        held.address_key,
        held.received_at,
        held.received_at <= restriction_here.received_at AS is_known_then,
        min(held.received_at) OVER (PARTITION BY restriction_here.restriction_no, held.profile_key) AS first_at
    FROM restriction_here
    CROSS JOIN campaign
    INNER JOIN restriction_profile ON restriction_here.restriction_no = restriction_profile.restriction_no
    INNER JOIN held ON restriction_profile.profile_key = held.profile_key AND held.kind = campaign.address_kind
    WHERE campaign.reach = 'address'
        AND (
            restriction_here.address_key IS NULL
            OR (restriction_here.mailbox_key IS NOT NULL) <> (campaign.address_kind = 'email')
        )
)

SELECT DISTINCT restriction_no, address_key
FROM known
WHERE is_known_then OR received_at = first_at;
