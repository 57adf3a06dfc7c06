-- Every file that arrived, with its four counts; an event that an earlier file brought already counts as duplicate here, an
-- opt-in of a profile without a known address as rejected. Counts are of the file's rows: one row may hold several events.
-- grain: feed, file, received_at    as: table    reads: load, consent_fact, delivery_fact, review_fact, answer_fact, permission
WITH kept AS (
    SELECT feed, file, received_at, count(*) AS events
    FROM (
        SELECT DISTINCT feed, file, received_at, row_number FROM consent_fact
        UNION ALL
        SELECT DISTINCT feed, file, received_at, row_number FROM delivery_fact
        UNION ALL
        SELECT DISTINCT feed, file, received_at, row_number FROM review_fact
        UNION ALL
        SELECT DISTINCT feed, file, received_at, row_number FROM answer_fact
    )
    GROUP BY feed, file, received_at
),

unplaced AS (
    SELECT consent_fact.feed, consent_fact.file, consent_fact.received_at, count(DISTINCT consent_fact.row_number) AS events
    FROM consent_fact
    LEFT JOIN permission ON consent_fact.event_no = permission.permission_no
    WHERE consent_fact.action IN ('opt_in', 'opt_in_request', 'opt_in_confirm', 'opt_out_cancel', 'resume')
        AND consent_fact.address_key IS NULL
        AND permission.permission_no IS NULL
    GROUP BY consent_fact.feed, consent_fact.file, consent_fact.received_at
),

counted AS (
    SELECT
        load.*,
        least(coalesce(kept.events, 0), load.loaded + load.duplicate) AS new_rows,
        coalesce(unplaced.events, 0) AS unplaced_rows
    FROM load
    LEFT JOIN kept ON load.feed = kept.feed AND load.file = kept.file AND load.received_at = kept.received_at
    LEFT JOIN unplaced ON load.feed = unplaced.feed AND load.file = unplaced.file AND load.received_at = unplaced.received_at
)

SELECT
    feed,
    source,
    file,
    sha256,
    rows,
    CASE WHEN has_events THEN new_rows - unplaced_rows ELSE loaded END AS loaded,
    CASE WHEN has_events THEN loaded + duplicate - new_rows ELSE duplicate END AS duplicate,
    ignored,
    rejected + CASE WHEN has_events THEN unplaced_rows ELSE 0 END AS rejected,
    received_at,
    is_refused
FROM counted;
