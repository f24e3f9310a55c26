-- An ISO 8601 date or instant from free text, null for anything else. A cast would raise, and PL/pgSQL's way of catching
-- that forbids parallel plans; jsonpath's datetime() fails softly. It does not know the suffix Z.
CREATE FUNCTION admin_center.instant_or_null(text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN $1 LIKE '____-__-__%' THEN
  (jsonb_path_query_first_tz(to_jsonb(regexp_replace($1, 'Z$', '+00:00')), '$.datetime()', '{}', true) #>> '{}')::timestamptz
END;
