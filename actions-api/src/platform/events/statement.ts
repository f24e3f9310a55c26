// The statement that writes events into the stream, and what it is given: columns, not rows, each an array in binary.
import { booleans, instants, integers, jsons, texts, uuids } from './binary-arrays.ts';
import type { ClientContext } from './client-context.ts';

/** An event whose user is resolved, or has `textId` for the database to resolve. */
export interface Given {
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly source: string;
  readonly textId: string | null;
  readonly person: string;
  readonly visitor: string | null;
  readonly known: boolean;
  readonly tier: string;
  readonly type: string;
  readonly name: string;
  readonly feature: string | null;
  readonly qualifies: boolean;
  readonly client: ClientContext;
  readonly properties: string | null;
}

const COLUMNS = `message_id, at, source, text_id, person, visitor, known, tier, type, name, feature, qualifies, client, properties`;

/** Asked of the database each time and not of memory, so that not one event comes in after an erasure. Most installations erased nobody, and then nothing is looked up. */
function erased(...ids: readonly string[]): string {
  return `(SELECT EXISTS (SELECT FROM admin_center.erased_person)) AND EXISTS (SELECT FROM admin_center.erased_person e WHERE e.digest IN (${ids.map((id) => `admin_center.erasure_digest(${id}, (SELECT admin_center.erasure_pad(false)), (SELECT admin_center.erasure_pad(true)))`).join(', ')}))`;
}

/**
 * Receipts are written in the order of their ids, and visitors too, so that two statements with the same messages wait for
 * each other and never in a circle. Clients are few, so each is sent once and named by its number. Only events that are not
 * accepted come back, and who was resolved.
 * @param resolves whether any event has a `textId`
 */
export const statementOf = (resolves: boolean): string => `
  WITH given AS MATERIALIZED (
    SELECT * FROM unnest(
      $1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::boolean[], $8::text[], $9::text[], $10::text[], $11::text[], $12::boolean[], $13::integer[], $14::jsonb[]
    ) WITH ORDINALITY AS given (${COLUMNS}, position)
  ),
  ${resolves ? RESOLVED : `sent AS MATERIALIZED (SELECT *, false AS is_admin, ${erased('person::text')} AS is_erased FROM given),`}
  -- What the catalogue of features says is a use, where the event does not say so itself.
  use AS MATERIALIZED (
    SELECT DISTINCT ON (event) event, key FROM admin_center.feature CROSS JOIN unnest(events) AS event ORDER BY event, key
  ),
  fresh AS (
    INSERT INTO admin_center.event_receipt (message_id)
    SELECT message_id FROM sent WHERE NOT is_admin AND NOT is_erased ORDER BY message_id
    ON CONFLICT DO NOTHING
    RETURNING message_id
  ),
  stored AS (
    INSERT INTO admin_center.event (
      at, message_id, person_id, known, source, type, name, feature, qualifies, tier, country, region, platform, device, os, browser, app_version, properties
    )
    SELECT
      at, message_id, person, known, source, type, name, coalesce(feature, use.key), qualifies, tier,
      ($15::text[])[client], ($16::text[])[client], ($17::text[])[client], ($18::text[])[client], ($19::text[])[client], ($20::text[])[client], ($21::text[])[client], properties
    FROM sent JOIN fresh USING (message_id) LEFT JOIN use ON type = 'track' AND use.event = name
  ),
  linked AS (
    INSERT INTO admin_center.person_link (anonymous_id, user_id)
    SELECT DISTINCT ON (visitor) visitor, person
    FROM sent JOIN fresh USING (message_id)
    WHERE known AND visitor IS NOT NULL
    ORDER BY visitor, at, position
    ON CONFLICT DO NOTHING
  )
  SELECT position::integer AS position, is_admin, is_erased, NULL AS text_id, NULL::uuid AS user_id, NULL AS tier FROM sent LEFT JOIN fresh USING (message_id) WHERE fresh.message_id IS NULL
  ${resolves ? 'UNION ALL SELECT NULL, is_admin, false, text_id, user_id, tier FROM host_user' : ''}`;

const RESOLVED = `
  host_user AS MATERIALIZED (
    SELECT i.text_id, i.user_id, coalesce(d.tier, 'free') AS tier, i.is_admin
    FROM admin_center.identify(ARRAY(SELECT DISTINCT text_id FROM given WHERE text_id IS NOT NULL)) i
    LEFT JOIN admin_center.user_directory d USING (user_id)
  ),
  sent AS MATERIALIZED (
    SELECT
      message_id, at, source, coalesce(u.user_id, person) AS person, visitor, known OR u.user_id IS NOT NULL AS known, coalesce(u.tier, given.tier) AS tier,
      type, name, feature, qualifies, client, properties, position, coalesce(u.is_admin, false) AS is_admin,
      ${erased('coalesce(u.user_id, person)::text', 'given.text_id')} AS is_erased
    FROM given LEFT JOIN host_user u USING (text_id)
  ),`;

export interface Returned {
  /** Of an event; null: the row is of a user who was resolved. */
  readonly position: number | null;
  readonly is_admin: boolean;
  readonly is_erased: boolean;
  readonly text_id: string | null;
  readonly user_id: string | null;
  readonly tier: string | null;
}

export function valuesOf(rows: readonly Given[]): Buffer[] {
  const clients: ClientContext[] = [];
  const numbers = new Map<string, number>();
  const numberOf = new Map<ClientContext, number>();
  for (const { client } of rows) {
    if (!numberOf.has(client)) {
      const key = keyOf(client);
      const number = numbers.get(key) ?? clients.push(client);
      numbers.set(key, number);
      numberOf.set(client, number);
    }
  }
  return [
    uuids(rows, (row) => row.messageId), instants(rows, (row) => row.at), texts(rows, (row) => row.source), texts(rows, (row) => row.textId), uuids(rows, (row) => row.person), uuids(rows, (row) => row.visitor),
    booleans(rows, (row) => row.known), texts(rows, (row) => row.tier), texts(rows, (row) => row.type), texts(rows, (row) => row.name), texts(rows, (row) => row.feature),
    booleans(rows, (row) => row.qualifies), integers(rows, (row) => numberOf.get(row.client) as number), jsons(rows, (row) => row.properties),
    texts(clients, ({ country }) => country), texts(clients, ({ region }) => region), texts(clients, ({ platform }) => platform), texts(clients, ({ device }) => device),
    texts(clients, ({ os }) => os), texts(clients, ({ browser }) => browser), texts(clients, ({ appVersion }) => appVersion),
  ];
}

const keyOf = ({ country, region, platform, device, os, browser, appVersion }: ClientContext): string => `${country}\n${region}\n${platform}\n${device}\n${os}\n${browser}\n${appVersion}`;
