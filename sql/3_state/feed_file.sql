-- Every file that arrived, with its four counts; an event that an earlier file brought already counts as duplicate here, an
-- opt-in of a profile without a known address as rejected.
-- grain: feed, file, received_at    reads: load, consent_fact, delivery_fact, permission
WITH kept AS (
    SELECT feed, file, count(*) AS events
    FROM (
        SELECT feed, file FROM consent_fact
        UNION ALL
        SELECT feed, file FROM delivery_fact
    )
    GROUP BY feed, file
),

unplaced AS (
    SELECT consent_fact.feed, consent_fact.file, count(*) AS events
    FROM consent_fact
    LEFT JOIN permission ON consent_fact.event_no = permission.permission_no
    WHERE consent_fact.action IN ('opt_in', 'opt_in_request', 'opt_in_confirm', 'opt_out_cancel', 'resume')
        AND consent_fact.address_key IS NULL
        AND permission.permission_no IS NULL
    GROUP BY consent_fact.feed, consent_fact.file
)

SELECT
    load.feed,
    load.source,
    load.file,
    load.sha256,
    load.rows,
    CASE
        WHEN load.has_events AND NOT load.is_refused AND load.load_key = load.content_key
        THEN coalesce(kept.events, 0) - coalesce(unplaced.events, 0)
        ELSE load.loaded
    END AS loaded,
    CASE
        WHEN load.has_events AND NOT load.is_refused AND load.load_key = load.content_key
        THEN load.loaded + load.duplicate - coalesce(kept.events, 0)
        ELSE load.duplicate
    END AS duplicate,
    load.ignored,
    load.rejected
    + CASE
        WHEN load.has_events AND NOT load.is_refused AND load.load_key = load.content_key THEN coalesce(unplaced.events, 0)
        ELSE 0
    END AS rejected,
    load.received_at,
    load.is_refused
FROM load
LEFT JOIN kept ON load.feed = kept.feed AND load.file = kept.file AND load.load_key = load.content_key
LEFT JOIN unplaced ON load.feed = unplaced.feed AND load.file = unplaced.file AND load.load_key = load.content_key;
