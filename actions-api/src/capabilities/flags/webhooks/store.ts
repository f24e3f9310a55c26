// Alerts between their arrival and their handling: a queue in PostgreSQL that takes each firing once.
import { sql } from 'kysely';
import type { Database, Queryable, Tx } from '../../../platform/database.ts';
import type { FlagAlert } from './alerts.ts';

export const PROVIDERS = ['alertmanager', 'grafana'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** Wakes the worker that handles them. */
export const ALERT_CHANNEL = 'admin_center_flag_alert';

/** @returns how many are new; a firing that was delivered before is not taken again */
export async function takeAlerts(database: Database, provider: Provider, alerts: readonly FlagAlert[]): Promise<number> {
  if (alerts.length === 0) {
    return 0;
  }
  const { rows } = await sql<{ taken: number }>`
    WITH taken AS (
      INSERT INTO admin_center.flag_alert (provider, event_id, flag, variant, alert_name, summary, starts_at)
      SELECT ${provider}, "eventId", flag, variant, "alertName", summary, "startsAt"
      FROM jsonb_to_recordset(${JSON.stringify(alerts)}::jsonb) AS alert ("eventId" text, flag text, variant text, "alertName" text, summary text, "startsAt" timestamptz)
      ON CONFLICT (provider, event_id) DO NOTHING
      RETURNING id
    )
    SELECT count(*) AS taken, pg_notify(${ALERT_CHANNEL}, '') FROM taken
  `.execute(database);
  return rows[0]?.taken ?? 0;
}

export interface PendingAlert {
  readonly id: number;
  readonly provider: Provider;
  readonly flag: string;
  readonly variant: string | null;
  readonly alertName: string;
  readonly summary: string;
  readonly startsAt: Date;
}

/** Oldest first. */
export async function readPending(database: Queryable): Promise<readonly PendingAlert[]> {
  const { rows } = await sql<PendingAlert>`
    SELECT id, provider, flag, variant, alert_name AS "alertName", summary, starts_at AS "startsAt"
    FROM admin_center.flag_alert WHERE handled_at IS NULL ORDER BY id LIMIT 100
  `.execute(database);
  return rows;
}

export type AlertOutcome = 'rolled_back' | 'no_ramp' | 'other_variant' | 'no_flag';

/** @returns false when another worker was faster */
export async function markHandled(tx: Queryable | Tx, id: number, outcome: AlertOutcome): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE admin_center.flag_alert SET handled_at = clock_timestamp(), outcome = ${outcome} WHERE id = ${id} AND handled_at IS NULL
  `.execute(tx);
  return numAffectedRows === 1n;
}
