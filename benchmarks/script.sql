-- One campaign by hand: what a competent engineer writes when the ledger, the reasons, the persons, the gate and the next
-- campaign are somebody else's worry. Runs in the workspace's folder, reads the landing files, writes script/audience.*.
-- Campaign: organisation ufer, brand galerie, list galerie-newsletter, e-mail, as of 2026-11-21 07:00 UTC.

CREATE TEMP TABLE consent AS
SELECT
    lower(trim(address)) AS address,
    max(occurred_at) FILTER (action = 'opt_out' AND scope = 'group') AS out_group,
    max(occurred_at) FILTER (action = 'opt_out' AND scope = 'organisation') AS out_organisation,
    max(occurred_at) FILTER (action = 'opt_out' AND scope = 'brand') AS out_brand,
    max(occurred_at) FILTER (action = 'opt_out' AND scope = 'list') AS out_list,
    -- An opt-in answers opt-outs of its own scope and of those around it.
    max(occurred_at) FILTER (action <> 'opt_out') AS in_group,
    max(occurred_at) FILTER (action <> 'opt_out' AND scope <> 'group') AS in_organisation,
    max(occurred_at) FILTER (action <> 'opt_out' AND scope IN ('brand', 'list')) AS in_brand,
    max(occurred_at) FILTER (action <> 'opt_out' AND scope = 'list') AS in_list
FROM read_csv('landing/consent/consent.csv')
WHERE action IN ('opt_out', 'opt_in', 'opt_in_confirm')
    AND (scope = 'group' OR scope_id IN ('ufer', 'galerie', 'galerie-newsletter'))
GROUP BY 1;

CREATE TEMP TABLE event AS
SELECT lower(trim(address)) AS address, type, bounce_class, occurred_at
FROM read_csv('landing/delivery/delivery.csv')
WHERE type IN ('bounce', 'complaint', 'delivered');

CREATE TEMP TABLE excluded AS
SELECT address FROM consent
WHERE out_group >= coalesce(in_group, '-infinity')
    OR out_organisation >= coalesce(in_organisation, '-infinity')
    OR out_brand >= coalesce(in_brand, '-infinity')
    OR out_list >= coalesce(in_list, '-infinity')
UNION
SELECT address FROM event WHERE type = 'complaint' OR bounce_class = 'hard'
UNION
SELECT soft.address
FROM event AS soft
LEFT JOIN (SELECT address, max(occurred_at) AS delivered_at FROM event WHERE type = 'delivered' GROUP BY 1) AS success USING (address)
WHERE soft.bounce_class = 'soft' AND soft.occurred_at > coalesce(success.delivered_at, '-infinity')
GROUP BY 1
HAVING count(DISTINCT soft.occurred_at::DATE) >= 5;

CREATE TEMP TABLE audience AS
WITH profile AS (
    SELECT lower(trim(email)) AS address, profile_id, first_name, last_name, language, updated_at
    FROM read_csv('landing/profiles/profiles.csv')
    WHERE organisation = 'ufer' AND email LIKE '%_@_%._%'
)
SELECT address, profile_id, first_name, last_name, language
FROM profile ANTI JOIN excluded USING (address)
QUALIFY row_number() OVER (PARTITION BY address ORDER BY updated_at DESC, profile_id) = 1;

COPY audience TO 'script/audience.csv' (HEADER);
COPY audience TO 'script/audience.parquet' (COMPRESSION zstd);
