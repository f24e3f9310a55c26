-- What this host's database has of the things it may lack. Read from the catalogue, so it needs no right on the tables.
SELECT name, kind, found, detail
FROM (
  SELECT 1 AS position, name, 'table' AS kind, to_regclass('public.' || name) IS NOT NULL AS found, detail
  FROM (VALUES
    ('api_keys', 'API keys of users. Without it there are none to list or revoke; the host''s own migrator never creates it.'),
    ('api_key_audit_logs', 'Use of API keys. Without it their history is unknown; the host''s own migrator never creates it.'),
    ('webhook_events', 'Stripe events the host received. Without it payments are known only from its payment table.'),
    ('auth_audit_logs', 'Logins and failed logins. It normally lives in the separate authentication database; without it they are unknown.')
  ) AS optional (name, detail)
  UNION ALL
  SELECT 2, wanted.name, 'column', a.attname IS NOT NULL,
    CASE WHEN a.attname IS NULL THEN 'Missing. ' ELSE 'Type ' || format_type(a.atttypid, a.atttypmod) || '. ' END || wanted.detail
  FROM (VALUES
    ('user_sessions.jwt_token_hash', 'public.user_sessions', 'jwt_token_hash', 'The host''s code needs it to admit a request; no view reads it. Without it no session is ever written.'),
    ('user_sessions.is_active', 'public.user_sessions', 'is_active', 'Whether a session may be used: boolean in the host''s schema, 0 or 1 in databases fixed by hand; both work.'),
    ('conversations.id', 'public.conversations', 'id', 'uuid at first, text after the host''s migration 002; both work.')
  ) AS wanted (name, relation, attribute, detail)
  LEFT JOIN pg_attribute a ON a.attrelid = to_regclass(wanted.relation) AND a.attname = wanted.attribute AND NOT a.attisdropped
  UNION ALL
  SELECT 3, wanted.name, 'extension', e.oid IS NOT NULL, wanted.detail
  FROM (VALUES
    ('pg_trgm', 'Search of users by part of a name or address. Without it a search reads the whole directory and is slower.'),
    ('pg_stat_statements', 'Time spent per statement. Without it slow queries of the host are not seen; an operator turns it on.')
  ) AS wanted (name, detail)
  LEFT JOIN pg_extension e ON e.extname = wanted.name
  UNION ALL
  SELECT 4, 'cloudtolocalllm_auth', 'database', EXISTS (SELECT FROM pg_database WHERE datname = 'cloudtolocalllm_auth'),
    'The host''s separate authentication database. It is normally on another server and is not read: the host writes sessions to the main one.'
) probe
ORDER BY position, name;
