-- Rights on what 0016-experiments.sql makes. Plans, exposures and outcomes are only read: no admin and no endpoint can change
-- what came of an experiment.
GRANT SELECT ON admin_center.experiment, admin_center.exposure, admin_center.experiment_outcome, admin_center.experiment_day TO admin_center_api;
GRANT SELECT, INSERT, DELETE ON admin_center.experiment_result TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.refresh_experiment_payments(boolean, integer) TO admin_center_api;
