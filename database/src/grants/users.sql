-- Rights on what 0002-users.sql makes: the directory is written by its refresh functions only.
GRANT SELECT ON admin_center.user_directory TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.refresh_user_directory, admin_center.refresh_user_directory_row TO admin_center_api;
