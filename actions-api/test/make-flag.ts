// A boolean flag for a test, as the flags capability would have stored it.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** Its variants are `on` and `off`; whoever is outside of the percentage gets `off`. @returns its key */
export async function makeFlag(pool: pg.Pool, state: 'on' | 'off', percentage = 100, key = `flag-${randomUUID().slice(0, 8)}`): Promise<string> {
  const definition = {
    name: key, description: '', type: 'boolean', public: false, permanent: false,
    variants: [{ key: 'on', value: true, description: '' }, { key: 'off', value: false, description: '' }],
    offVariant: 'off', defaultVariant: 'off', schedule: { from: null, until: null }, prerequisites: [], users: [], segments: [], tiers: [],
    rollout: { percentage, split: [{ variant: 'on', weight: 1 }] }, guardrails: [], ramp: null, experiment: null,
  };
  await pool.query('INSERT INTO admin_center.flag (key, salt, state, definition) VALUES ($1, $1, $2, $3)', [key, state, JSON.stringify(definition)]);
  return key;
}
