-- Flags as opt-outs by import: as of the row's own time, else of the first file in an unbroken run of files that say so
-- (domain §2), so that saying it again every night does not defeat the owner's newer form.
-- grain: restriction_no    as: scratch table    reads: flag_said, load, channel_kind
WITH run_of AS (
    SELECT
        flag_said.*,
        arrival_no - dense_rank() OVER (PARTITION BY feed, line, profile_key, flag, updated_at IS NULL ORDER BY arrival_no) AS run_no
    FROM flag_said
),

dated AS (
    SELECT
        feed,
        profile_key,
        flag,
        updated_at,
        updated_until,
        line,
        CASE WHEN updated_at IS NULL THEN run_no END AS run_no,
        min(received_at) AS received_at,
        min(row_no) AS row_no,
        organisation,
        profile_id,
        email_key,
        mailbox_key,
        phone_key
    FROM run_of
    GROUP BY ALL
)

SELECT
    -row_number() OVER (ORDER BY dated.row_no, dated.flag, dated.received_at) AS restriction_no,
    dated.profile_key,
    dated.profile_id,
    dated.organisation,
    split_part(dated.flag, ':', 1) AS channel,
    split_part(dated.flag, ':', 2) AS reason,
    CASE WHEN channel_kind.address_kind = 'phone' THEN dated.phone_key ELSE dated.email_key END AS address_key,
    CASE WHEN coalesce(channel_kind.address_kind = 'email', true) THEN dated.mailbox_key END AS mailbox_key,
    -- What is NULL is passed over.
    least(dated.updated_at, dated.received_at) AS occurred_from,
    least(dated.updated_until, dated.received_at) AS occurred_until,
    dated.received_at,
    source_of.source,
    dated.profile_id AS event_id
FROM (SELECT DISTINCT * EXCLUDE (line, run_no) FROM dated) AS dated
INNER JOIN (SELECT feed, max_by(source, load_order) AS source FROM load GROUP BY feed) AS source_of ON dated.feed = source_of.feed
LEFT JOIN channel_kind ON split_part(dated.flag, ':', 1) = channel_kind.channel;
