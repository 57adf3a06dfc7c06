-- Which address a profile had at which time, for those profiles that a permissive event names without an address: each row
-- holds from `since` until the next; a file without the profile ends what is known.
-- grain: profile_key, kind, since, load_order    reads: profile_record, profile_past, consent_fact, load, load_organisation
WITH asked AS (
    SELECT DISTINCT profile_key
    FROM consent_fact
    WHERE address_key IS NULL AND profile_key IS NOT NULL
        AND action IN ('opt_in', 'opt_in_request', 'opt_in_confirm', 'opt_out_cancel', 'resume')
),

row_said AS (
    SELECT profile_key, feed, since, received_at, load_order, profile_no AS row_no, email_key, phone_key
    FROM profile_record
    UNION ALL
    SELECT profile_key, feed, since, received_at, load_order, row_no, email_key, phone_key
    FROM profile_past
),

said AS (
    SELECT
        row_said.profile_key,
        CASE
            WHEN max(row_said.since) OVER (
                PARTITION BY row_said.profile_key, row_said.feed
                ORDER BY row_said.load_order RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) > row_said.since THEN row_said.received_at  -- a newer file with an older time counts from its receipt on
            ELSE row_said.since
        END AS since,
        row_said.load_order,
        row_said.row_no,
        row_said.email_key,
        row_said.phone_key
    FROM row_said
    INNER JOIN asked ON row_said.profile_key = asked.profile_key
),

last_said AS (
    SELECT profile_past.profile_key, profile_past.feed, profile_past.organisation, max(profile_past.load_order) AS load_order
    FROM profile_past
    INNER JOIN asked ON profile_past.profile_key = asked.profile_key
    LEFT JOIN profile_record ON profile_past.profile_key = profile_record.profile_key
    WHERE profile_record.profile_key IS NULL
    GROUP BY ALL
),

gone AS (
    SELECT last_said.profile_key, min(load.received_at) AS since, min(load.load_order) AS load_order
    FROM last_said
    INNER JOIN load ON last_said.feed = load.feed AND load.load_order > last_said.load_order
    INNER JOIN load_organisation ON load.load_key = load_organisation.load_key AND last_said.organisation = load_organisation.organisation
    WHERE load.is_snapshot
    GROUP BY last_said.profile_key
)

SELECT profile_key, 'email' AS kind, since, load_order, row_no, email_key AS address_key
FROM said
UNION ALL
SELECT profile_key, 'phone' AS kind, since, load_order, row_no, phone_key AS address_key
FROM said
UNION ALL
SELECT profile_key, 'email', since, load_order, 0, NULL
FROM gone
UNION ALL
SELECT profile_key, 'phone', since, load_order, 0, NULL
FROM gone;
