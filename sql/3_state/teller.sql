-- Who tells of profiles in a file, by organisation: the feed in a line of its names, or its series of snapshots; and the first snapshot
-- after it, which would hold the file's profiles if they were still there. The parts of one snapshot stand in the order of its first.
-- grain: load_order, teller, organisation    as: scratch table    reads: load, load_organisation, load_line
SELECT
    load.load_order,
    load.edition_order,
    load_organisation.organisation,
    load.feed || chr(31) || load_line.line || chr(31) || load.series AS teller,
    min(CASE WHEN load.is_snapshot THEN load.edition_order END) OVER later AS snapshot_order,
    min(CASE WHEN load.is_snapshot THEN load.received_at END) OVER later AS snapshot_at
FROM load
INNER JOIN load_organisation ON load.load_key = load_organisation.load_key
INNER JOIN load_line ON load.load_key = load_line.load_key
WINDOW later AS (
    PARTITION BY load.feed, load_line.line, load.series, load_organisation.organisation
    ORDER BY load.edition_order RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
);
