// The funnel of Acme: from a look at the prices to a subscription. What its people did is among the events.
import { funnelDefinition } from '@admin-center/contracts/conversion-funnels';
import { sql } from 'kysely';
import { ADMIN_IDS } from './admins.ts';
import { DAY, iso } from './calendar.ts';
import type { Past } from './past.ts';

const KEY = 'onboarding';
/** A trial takes two weeks, and is not begun at once. */
const WINDOW_SECONDS = (45 * DAY) / 1_000;
/** Longer than the company keeps sessions. */
const MADE_DAYS_AGO = 90;

const DEFINITION = funnelDefinition.parse({
  name: 'Onboarding',
  description: 'From a look at the prices to a paid plan.',
  windowSeconds: WINDOW_SECONDS,
  steps: [
    { type: 'page', event: 'Pricing', name: 'Saw the prices' },
    { event: 'Signed Up' },
    { event: 'First Chat', name: 'Activated' },
    { event: 'Trial Started' },
    { event: 'Subscription Started' },
  ],
});

export const funnels: Past = {
  name: 'funnels',
  isThere: async (tx) => (await sql`SELECT FROM admin_center.funnel LIMIT 1`.execute(tx)).rows.length > 0,
  async write(tx, company) {
    const at = iso(company.loadedAt - MADE_DAYS_AGO * DAY);
    // It counts from the first event on: its past needs no building.
    const { rows } = await sql<{ funnel_id: number }>`
      INSERT INTO admin_center.funnel (key, definition, built_slices, built_at, created_at, updated_at)
      VALUES (${KEY}, ${JSON.stringify(DEFINITION)}::jsonb, 64, ${at}, ${at}, ${at})
      RETURNING funnel_id`.execute(tx);
    await sql`
      INSERT INTO admin_center.funnel_version (funnel_id, version, at, change, state, definition, actor_subject, actor_id, reason)
      VALUES (${rows[0]?.funnel_id}, 1, ${at}, 'create', 'active', ${JSON.stringify(DEFINITION)}::jsonb, 'user:ada', ${ADMIN_IDS.ada}, 'What the team looks at every Monday.')`.execute(tx);
  },
};
