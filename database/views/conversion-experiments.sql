-- Experiments as series: the newest results of those that run, admincenter_experiment_*.
CREATE VIEW admin_center.experiment_fact AS
SELECT result.fact, experiment.flag AS experiment, nullif(result.variant, '') AS variant, nullif(result.bound, '') AS bound, result.value
FROM admin_center.experiment_result AS result
JOIN admin_center.experiment ON experiment.id = result.experiment
WHERE experiment.stopped_at IS NULL;

GRANT SELECT ON admin_center.experiment_fact TO admin_center_exporter;
