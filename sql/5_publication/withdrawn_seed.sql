-- Published control addresses that may not be added any more: forbidden or erased, or quarantined or denied by an event.
-- grain: address    as: scratch table
-- reads: published, seed_address, forbidden_address, forbidden_domain, quarantine_standing, reason_rank
WITH denied AS (
    SELECT
        published.address,
        EXISTS (SELECT 1 FROM forbidden_address WHERE forbidden_address.address_key = key_of(published.address))
        OR EXISTS (SELECT 1 FROM forbidden_domain WHERE forbidden_domain.domain = split_part(published.address, '@', -1)) AS is_forbidden
    FROM published
    LEFT JOIN seed_address ON published.address = seed_address.address
    WHERE published.is_seed AND seed_address.address IS NULL
),

against AS (
    SELECT
        denied.address, quarantine_standing.reason, quarantine_standing.source, quarantine_standing.event_id,
        quarantine_standing.evidence_at
    FROM denied
    INNER JOIN quarantine_standing ON key_of(denied.address) = quarantine_standing.address_key
    UNION ALL
    SELECT address, 'address_forbidden' AS reason, NULL AS source, NULL AS event_id, NULL AS evidence_at
    FROM denied
    WHERE is_forbidden
),

ranked AS (
    SELECT
        against.*,
        row_number() OVER (
            PARTITION BY against.address ORDER BY reason_rank.rank, against.evidence_at DESC, against.source, against.event_id
        ) AS place
    FROM against
    INNER JOIN reason_rank ON against.reason = reason_rank.reason
)

SELECT
    denied.address,
    coalesce(max(ranked.reason) FILTER (WHERE ranked.place = 1), 'erased') AS reason,
    coalesce(string_agg(ranked.reason, ' ' ORDER BY ranked.place), 'erased') AS reasons,
    max(ranked.source) FILTER (WHERE ranked.place = 1) AS evidence_source,
    max(ranked.event_id) FILTER (WHERE ranked.place = 1) AS evidence_event_id,
    max(ranked.evidence_at) FILTER (WHERE ranked.place = 1) AS evidence_at
FROM denied
LEFT JOIN ranked ON denied.address = ranked.address
GROUP BY denied.address;
