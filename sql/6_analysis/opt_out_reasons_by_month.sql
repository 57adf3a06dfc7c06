-- Why people opt out, by month, scope and reason.
-- grain: month, scope, scope_id, reason    as: view    reads: consent_event
SELECT
    date_trunc('month', occurred_from) AS month,
    scope,
    scope_id,
    coalesce(reason, 'not given') AS reason,
    count(*) AS opt_outs
FROM consent_event
WHERE action IN ('opt_out', 'opt_out_confirm') AND occurred_from > TIMESTAMPTZ '0001-01-01 00:00:00+00'
GROUP BY ALL
ORDER BY ALL;
