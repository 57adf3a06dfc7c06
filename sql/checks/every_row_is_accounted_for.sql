-- stop: every input row ends as loaded, duplicate, ignored or rejected, and the four add up (promise 3).
-- grain: file    reads: feed_file
SELECT feed, file
FROM feed_file
WHERE rows IS DISTINCT FROM loaded + duplicate + ignored + rejected
    OR least(loaded, duplicate, ignored, rejected) < 0;
