-- What the intake of events holds in memory is told when it changes.
CREATE TRIGGER qualifying_definition_notify
AFTER INSERT OR UPDATE OR DELETE ON admin_center.qualifying_definition
FOR EACH STATEMENT EXECUTE FUNCTION admin_center.notify_policy('qualifying-definition');
