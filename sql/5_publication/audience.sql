-- Who gets the message: the candidates that no reason speaks against, with what their profiles say.
-- grain: candidate_no    as: query
-- reads: candidate_record, exclusion
SELECT candidate_record.*
FROM candidate_record
WHERE NOT EXISTS (SELECT 1 FROM exclusion WHERE exclusion.candidate_no = candidate_record.candidate_no)
