-- Which guardrails are broken: while a ramp is guarded, what each said last; after a rollback, what caused it, until a
-- person starts the ramp again or aborts it.
CREATE VIEW admin_center.flag_guardrail_breach AS
SELECT evaluation.flag, evaluation.guardrail, evaluation.state = 'violation' AS breached
FROM admin_center.flag_ramp AS ramp
JOIN admin_center.guardrail_evaluation AS evaluation ON evaluation.flag = ramp.flag AND evaluation.at = ramp.evaluated_at
WHERE ramp.state IN ('running', 'held', 'waiting', 'paused')
UNION ALL
SELECT flag, breached_by, true
FROM admin_center.flag_ramp
WHERE state = 'rolled_back' AND breached_by IS NOT NULL;

GRANT SELECT ON admin_center.flag_guardrail_breach TO admin_center_exporter;
