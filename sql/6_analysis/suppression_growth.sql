-- How many restrictions began in each month, and how many stand since then in sum.
-- grain: month, kind, scope    as: view    reads: suppression
WITH begun AS (
    SELECT date_trunc('month', since) AS month, kind, coalesce(scope, 'address') AS scope, count(*) AS restrictions
    FROM suppression
    GROUP BY ALL
)

SELECT month, kind, scope, restrictions, sum(restrictions) OVER (PARTITION BY kind, scope ORDER BY month) AS restrictions_so_far
FROM begun
ORDER BY ALL;
