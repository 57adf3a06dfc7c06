-- Which address a profile had at which time, for those profiles that a permissive event names without an address: each row
-- holds from `since` until the next; a file without the profile ends what is known.
-- grain: profile_key, kind, since, load_order    reads: profile_record, profile_past, consent_fact, load, load_organisation
WITH asked AS (
    SELECT DISTINCT profile_key
    FROM consent_fact
    WHERE address_key IS NULL AND profile_key IS NOT NULL
        AND action IN ('opt_in', 'opt_in_request', 'opt_in_confirm', 'opt_out_cancel', 'resume')
),

said AS (
    SELECT profile_record.profile_key, profile_record.since, profile_record.load_order, profile_record.profile_no AS row_no, profile_record.email_key, profile_record.phone_key
    FROM profile_record
    INNER JOIN asked ON profile_record.profile_key = asked.profile_key
    UNION ALL
    SELECT profile_past.profile_key, profile_past.since, profile_past.load_order, profile_past.row_no, profile_past.email_key, profile_past.phone_key
    FROM profile_past
    INNER JOIN asked ON profile_past.profile_key = asked.profile_key
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
