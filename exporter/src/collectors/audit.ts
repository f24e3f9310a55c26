// The audit log's head, validity and backlog, and the counter of what was done.
import { audit as capability } from '@admin-center/contracts/audit';
import { type Collector, samplesOf } from '../collector.ts';
import { counter, nowOf } from '../counter.ts';

const actions = counter('admincenter_actions_total', ['action', 'outcome', 'actor_role']);

export const audit: Collector = {
  name: 'audit',
  capability,
  // Short, so that an action shows as a metric while the admin still looks.
  intervalSeconds: 5,
  timeoutMs: 10_000,
  steps: [actions.steps],
  now: nowOf([actions]),
  present: [
    `SELECT fact, 0 AS step, delta
     FROM admin_center.audit_head
     CROSS JOIN LATERAL (VALUES
       ('valid', valid::integer::double precision),
       ('sequence', sequence::double precision),
       ('prefix', prefix::double precision),
       ('verified', date_part('epoch', verified_at))
     ) AS head (fact, delta)
     WHERE delta IS NOT NULL`,
    `SELECT fact, 0 AS step, delta
     FROM admin_center.outbox_backlog
     CROSS JOIN LATERAL (VALUES ('pending', pending::double precision), ('age', oldest_age_seconds)) AS backlog (fact, delta)`,
  ],
  // Until the chain was verified for the first time.
  mayBeAbsent: ['admincenter_audit_chain_verified_timestamp_seconds'],
  samples: (facts) => [
    ...actions.samples(facts),
    ...samplesOf('admincenter_audit_chain_valid', facts.totals('valid')),
    ...samplesOf('admincenter_audit_chain_head_sequence', facts.totals('sequence')),
    ...samplesOf('admincenter_audit_chain_head_prefix', facts.totals('prefix')),
    ...samplesOf('admincenter_audit_chain_verified_timestamp_seconds', facts.totals('verified')),
    ...samplesOf('admincenter_outbox_pending', facts.totals('pending')),
    ...samplesOf('admincenter_outbox_oldest_pending_age_seconds', facts.totals('age')),
  ],
};
