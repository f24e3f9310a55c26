// The definition of the qualifying event (D1) in force, in memory: events are judged by it when they arrive.
import { sql } from 'kysely';
import type { PolicyPart } from '../policy/live-part.ts';

export interface QualifyingDefinition {
  readonly version: number;
  readonly mode: 'all_except' | 'only';
  /** Names of track events. */
  readonly events: readonly string[];
}

export const qualifyingPolicy: PolicyPart<QualifyingDefinition> = {
  name: 'qualifying-definition',
  async read(database) {
    const { rows } = await sql<QualifyingDefinition>`
      SELECT version, mode, events FROM admin_center.qualifying_definition ORDER BY version DESC LIMIT 1
    `.execute(database);
    return rows[0] ?? { version: 0, mode: 'all_except', events: [] };
  },
};

/** Whether an event makes its person active: only track events can. */
export const qualifies = ({ mode, events }: QualifyingDefinition, type: string, name: string): boolean =>
  type === 'track' && events.includes(name) === (mode === 'only');
