-- Quarantines and complaints that stand against a candidate's address, with the latest event that stands: an owner's
-- confirmed form frees the address of what is older, for the campaigns that the form covers (domain §4). A soft quarantine
-- rests on all errors that were counted.
-- grain: candidate_no, reason    as: scratch table    reads: candidate, quarantine_event, allowed, campaign
WITH against AS (
    SELECT
        candidate.candidate_no,
        quarantine_event.reason,
        quarantine_event.is_by_staff,
        quarantine_event.event_no,
        quarantine_event.occurred_from,
        quarantine_event.occurred_until,
        quarantine_event.source,
        quarantine_event.event_id,
        CASE
            WHEN quarantine_event.reason = 'quarantined_soft'
            THEN max(quarantine_event.occurred_until) OVER (PARTITION BY candidate.candidate_no, quarantine_event.reason)
            ELSE quarantine_event.occurred_until
        END AS last_until
    FROM candidate
    INNER JOIN quarantine_event ON candidate.address_key = quarantine_event.address_key
),

ranked AS (
    SELECT
        against.*,
        row_number() OVER (
            PARTITION BY against.candidate_no, against.reason
            ORDER BY against.occurred_from DESC, against.occurred_until DESC, against.source, against.event_id
        ) AS place
    FROM against
    CROSS JOIN campaign
    LEFT JOIN allowed
        ON against.candidate_no = allowed.candidate_no
        AND allowed.is_form
        AND allowed.form_from > against.last_until
        AND allowed.occurred_from > against.last_until
        AND (allowed.is_request_by_owner OR NOT against.is_by_staff)
        AND (against.reason = 'complaint' OR campaign.is_release_by_form)
    WHERE allowed.candidate_no IS NULL
)

SELECT candidate_no, reason, event_no, occurred_from AS evidence_at, source, event_id
FROM ranked
WHERE place = 1;
