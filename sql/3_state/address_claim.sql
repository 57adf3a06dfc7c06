-- Which address a profile had at which time: it holds from `since` until the next; NULL: it held none.
-- grain: profile_key, kind, told_no    as: scratch table    reads: record_history
WITH told AS (
    SELECT profile_key, told_no, received_at, told_since, is_gone, 'email' AS kind, email_key AS address_key
    FROM record_history
    UNION ALL
    SELECT profile_key, told_no, received_at, told_since, is_gone, 'phone' AS kind, phone_key AS address_key
    FROM record_history
),

beside_last AS (
    SELECT
        *,
        lag(address_key) OVER so_far AS last_key,
        lag(is_gone) OVER so_far AS last_is_gone
    FROM told
    WINDOW so_far AS (PARTITION BY profile_key, kind ORDER BY told_no)
),

-- A row that repeats what is known says nothing of when it began.
changed AS (
    SELECT
        * EXCLUDE (last_key, last_is_gone),
        last_is_gone AS is_back,
        lag(told_since) OVER so_far AS last_since,
        lag(received_at) OVER so_far AS last_received
    FROM beside_last
    WHERE address_key IS DISTINCT FROM last_key OR is_gone IS DISTINCT FROM last_is_gone
    WINDOW so_far AS (PARTITION BY profile_key, kind ORDER BY told_no)
),

-- Who came back, or is told of as of a time before what was known began, is certain only from the receipt on.
weighed AS (
    SELECT
        *,
        CASE
            WHEN is_back OR told_since < last_since OR (told_since = last_since AND received_at > last_received) THEN true
            WHEN told_since > last_received THEN false
        END AS is_late
    FROM changed
)

SELECT
    profile_key,
    kind,
    -- A time between the beginning and the receipt of the row before is late if that row was, which then began with its receipt.
    CASE WHEN last_value(is_late IGNORE NULLS) OVER so_far THEN received_at ELSE told_since END AS since,
    told_no,
    address_key
FROM weighed
WINDOW so_far AS (PARTITION BY profile_key, kind ORDER BY told_no);
