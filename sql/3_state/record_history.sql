-- What the record of a profile became whenever a feed told something of it: of what the feeds have of it then the one that
-- was updated last, then told last, as for the record today.
-- grain: profile_key, told_no    as: scratch table    reads: feed_record
WITH known_by AS (
    SELECT DISTINCT profile_key, teller FROM feed_record
),

-- What each had told last by then.
known AS (
    SELECT
        feed_record.profile_key,
        feed_record.told_no,
        max(CASE WHEN feed_record.teller = known_by.teller THEN feed_record.told_no END)
            OVER (PARTITION BY feed_record.profile_key, known_by.teller ORDER BY feed_record.told_no) AS known_no
    FROM feed_record
    INNER JOIN known_by ON feed_record.profile_key = known_by.profile_key
),

ranked AS (
    SELECT
        known.profile_key,
        known.told_no,
        record.is_gone,
        record.updated_at,
        record.email_key,
        record.phone_key,
        row_number() OVER (
            PARTITION BY known.profile_key, known.told_no
            ORDER BY record.is_gone, record.updated_at DESC NULLS LAST, record.told_no DESC
        ) AS place
    FROM known
    INNER JOIN feed_record AS record ON known.profile_key = record.profile_key AND known.known_no = record.told_no
)

SELECT
    ranked.profile_key,
    ranked.told_no,
    told.received_at,
    ranked.is_gone,
    -- Never later than the file, which alone counts where the record says no time: what is NULL is passed over.
    least(ranked.updated_at, told.received_at) AS told_since,
    ranked.email_key,
    ranked.phone_key
FROM ranked
INNER JOIN feed_record AS told ON ranked.profile_key = told.profile_key AND ranked.told_no = told.told_no
WHERE ranked.place = 1;
