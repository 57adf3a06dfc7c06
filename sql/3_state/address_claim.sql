-- Which address a profile had at which time, for those profiles that a permissive event names without an address: each row
-- holds from `since` until the next; a snapshot without the profile, or its deletion, ends what is known.
-- grain: profile_key, kind, since, load_order
-- reads: profile_record, profile_past, profile_row, consent_fact, load, load_organisation
WITH asked AS (
    SELECT DISTINCT profile_key
    FROM consent_fact
    WHERE address_key IS NULL AND profile_key IS NOT NULL
        AND action IN ('opt_in', 'opt_in_request', 'opt_in_confirm', 'opt_out_cancel', 'resume')
),

row_said AS (
    SELECT profile_key, feed, organisation, since, received_at, load_order, profile_no AS row_no, email_key, phone_key, true AS is_now
    FROM profile_record
    UNION ALL
    SELECT profile_key, feed, organisation, since, received_at, load_order, row_no, email_key, phone_key, false AS is_now
    FROM profile_past
),

file_said AS (
    SELECT
        row_said.profile_key,
        row_said.feed,
        row_said.organisation,
        row_said.load_order,
        lead(row_said.load_order) OVER (PARTITION BY row_said.profile_key, row_said.feed ORDER BY row_said.load_order) AS next_order,
        -- Of a profile that several feeds know only the end counts: it is there while any has it.
        min(row_said.feed) OVER (PARTITION BY row_said.profile_key) = max(row_said.feed) OVER (PARTITION BY row_said.profile_key)
        OR NOT bool_or(bool_or(row_said.is_now)) OVER (PARTITION BY row_said.profile_key) AS may_end
    FROM row_said
    INNER JOIN asked ON row_said.profile_key = asked.profile_key
    GROUP BY row_said.profile_key, row_said.feed, row_said.organisation, row_said.load_order
),

gone AS (
    SELECT file_said.profile_key, file_said.feed, load.received_at, load.load_order
    FROM file_said
    INNER JOIN load ON file_said.feed = load.feed
        AND load.load_order > file_said.load_order AND load.load_order < coalesce(file_said.next_order, load.load_order + 1)
    INNER JOIN load_organisation ON load.load_key = load_organisation.load_key AND file_said.organisation = load_organisation.organisation
    WHERE load.is_snapshot AND file_said.may_end
    UNION
    SELECT deleted.profile_key, deleted.feed, deleted.received_at, deleted.load_order
    FROM profile_row AS deleted
    INNER JOIN file_said ON deleted.profile_key = file_said.profile_key AND deleted.feed = file_said.feed AND file_said.may_end
    LEFT JOIN row_said AS again
        ON deleted.profile_key = again.profile_key AND deleted.load_order = again.load_order AND deleted.row_no < again.row_no
    WHERE deleted.operation = 'delete' AND again.profile_key IS NULL
),

told AS (
    SELECT row_said.* EXCLUDE (organisation, is_now), false AS is_gone
    FROM row_said
    INNER JOIN asked ON row_said.profile_key = asked.profile_key
    UNION ALL
    SELECT profile_key, feed, received_at AS since, received_at, load_order, 0 AS row_no, NULL, NULL, true AS is_gone
    FROM gone
),

said AS (
    SELECT
        * EXCLUDE (since),
        CASE
            -- A newer file with an older time, or with somebody who was gone, counts from its receipt on.
            WHEN max(since) OVER (
                PARTITION BY profile_key, feed ORDER BY load_order RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) > since OR lag(is_gone) OVER (PARTITION BY profile_key, feed ORDER BY load_order, row_no) THEN received_at
            ELSE since
        END AS since
    FROM told
)

SELECT profile_key, 'email' AS kind, since, load_order, row_no, email_key AS address_key
FROM said
UNION ALL
SELECT profile_key, 'phone' AS kind, since, load_order, row_no, phone_key AS address_key
FROM said;
