-- stop: a restriction without a subject would restrict nobody.
-- grain: restriction    reads: restriction
SELECT restriction_no
FROM restriction
WHERE address_key IS NULL AND profile_key IS NULL AND unplaced_profile_id IS NULL;
