-- Rights of the intake of events: it adds, and neither changes nor deletes. Of the receipts it reads which of its own were new.
GRANT INSERT (at, message_id, person_id, known, source, type, name, feature, qualifies, tier, country, region, platform, device, os, browser, app_version, properties)
ON admin_center.event TO admin_center_api;
-- Other nodes of Citus know rights on whole tables only.
DO $$
BEGIN
  IF admin_center.is_on_citus() THEN
    GRANT INSERT ON admin_center.event TO admin_center_api;
  END IF;
END $$;
GRANT INSERT (message_id), SELECT (message_id) ON admin_center.event_receipt TO admin_center_api;
GRANT INSERT (anonymous_id, user_id) ON admin_center.person_link TO admin_center_api;
GRANT SELECT ON admin_center.qualifying_definition TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.identify TO admin_center_api;
-- Whether a person is erased; only the erasure itself says so.
GRANT SELECT ON admin_center.erased_person TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.erasure_digest(text), admin_center.erasure_digest(text, bytea, bytea), admin_center.erasure_pad, admin_center.unknown_person, admin_center.persons_of TO admin_center_api;
