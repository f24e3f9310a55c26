// What the numbers about the demo's events are read by: its features, as its admins would have set them up.
import type pg from 'pg';
import { FEATURES } from './features.ts';

export async function writeCatalogue(client: pg.ClientBase): Promise<void> {
  for (const { key, title, tiers, event } of FEATURES) {
    await client.query('INSERT INTO admin_center.feature (key, title, tiers, events) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO NOTHING', [key, title, tiers, [event]]);
  }
}
