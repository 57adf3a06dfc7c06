-- Who tells of profiles in a file, by organisation: the feed, or its series of snapshots; and the first snapshot after it, which
-- would hold the file's profiles if they were still there. The parts of one snapshot stand in the order of its first.
-- grain: load_order, organisation    as: scratch table    reads: load, load_organisation
SELECT
    load.load_order,
    load.edition_order,
    load_organisation.organisation,
    load.feed || chr(31) || load.series AS teller,
    min(CASE WHEN load.is_snapshot THEN load.edition_order END) OVER later AS snapshot_order,
    min(CASE WHEN load.is_snapshot THEN load.received_at END) OVER later AS snapshot_at
FROM load
INNER JOIN load_organisation ON load.load_key = load_organisation.load_key
WINDOW later AS (
    PARTITION BY load.feed, load.series, load_organisation.organisation
    ORDER BY load.edition_order RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
);
