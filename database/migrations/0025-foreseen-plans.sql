-- What a planned change of a flag was previewed and approved as: a worker makes it without asking again only where that
-- is what it would still do.
ALTER TABLE admin_center.flag_plan ADD COLUMN foreseen text;
COMMENT ON COLUMN admin_center.flag_plan.foreseen IS 'Digest of the flag before and after the change; null for plans that nobody previewed.';
