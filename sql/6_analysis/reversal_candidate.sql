-- Profiles that a file once said were restricted and the newest file of the same feed does not: it lifts nothing, and
-- somebody should look (domain §2 "a snapshot's silence").
-- grain: feed, organisation, profile_id, flag    reads: flag_said, load_now
SELECT
    flag_said.feed,
    flag_said.organisation,
    flag_said.profile_id,
    split_part(flag_said.flag, ':', 1) AS channel,
    split_part(flag_said.flag, ':', 2) AS reason,
    max(flag_said.received_at) AS last_said_at
FROM flag_said
LEFT JOIN load_now ON flag_said.load_order = load_now.load_order AND flag_said.organisation = load_now.organisation
GROUP BY ALL
HAVING count(load_now.load_order) = 0;
