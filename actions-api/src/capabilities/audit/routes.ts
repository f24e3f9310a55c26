// Endpoints of the audit capability.
import { audit } from '@admin-center/contracts/audit';
import { z } from 'zod';
import { cursorOf, pageOf } from '../../platform/cursor.ts';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { approvalRoutes } from './approvals.ts';
import { exportEntries } from './export.ts';
import { acknowledge, readStatus, recordVerification } from './status.ts';
import { listChanges } from './changes.ts';
import { eraseDetail, listEntries, listMarks, readEntry } from './store.ts';
import { verifyChain } from './verifier.ts';
import type { Witness } from './witness.ts';

const { endpoints } = audit;
const CHAIN = { type: 'audit-chain', id: 'head' } as const;
const entryCursor = cursorOf('audit', z.number().int());

export const auditRoutes = (services: Services, witness: Witness): Route[] => [...logRoutes(services, witness), ...approvalRoutes(services)];

const logRoutes = ({ database, recorder, clock }: Services, witness: Witness): Route[] => [
  route(endpoints.list, async ({ query }) => {
    const before = query.cursor === undefined ? null : entryCursor.decode(query.cursor);
    const rows = await listEntries(database, query, before, query.limit + 1);
    return pageOf(rows, query.limit, (row) => entryCursor.encode(row.sequence));
  }),
  route(endpoints.marks, async ({ query }) => ({ items: await listMarks(database, query) })),
  route(endpoints.changes, async ({ query }) => ({ items: await listChanges(database, query) })),
  route(endpoints.chain, () => readStatus(database)),
  route(endpoints.verify, async (_request, context) => {
    // Before the transaction, which must not sit idle while a long chain is read.
    const verification = await verifyChain(database, await witness.read());
    return recorder.audited(context, 'audit.verify', CHAIN, {
      read: readStatus,
      run: (tx) => recordVerification(tx, witness, verification),
      keep: ({ after }) => ({ before: null, after: { checked: after.checked, problems: after.problems } }),
      respond: ({ after }) => after,
    });
  }),
  route(endpoints.acknowledge, ({ body }, context) =>
    recorder.audited(context, 'audit.acknowledge', CHAIN, {
      reason: body.reason,
      read: readStatus,
      run: (tx) => acknowledge(tx, witness),
      keep: ({ before, after }) => ({ before: { problems: before.problems }, after: { acknowledged: after.acknowledged } }),
      respond: ({ after }) => after,
    }),
  ),
  route(endpoints.erase, ({ params: { sequence }, body }, context) =>
    recorder.audited(context, 'audit.erase', { type: 'audit-entry', id: String(sequence) }, {
      reason: body.reason,
      read: (tx) => readEntry(tx, sequence),
      run: (tx) => eraseDetail(tx, sequence),
      // Not what was erased: that would put it back.
      keep: ({ after }) => ({ before: null, after: { erasedAt: after.erasedAt } }),
      respond: ({ after }) => after,
    }),
  ),
  route(endpoints.export, async ({ body: { reason, ...filter } }, context) => {
    const day = clock().toISOString().slice(0, 10);
    const file = await exportEntries(database, filter, `${context.actor.email} ${context.requestId}`);
    try {
      return await recorder.audited(context, 'audit.export', { type: 'audit-log', id: 'csv' }, {
        reason,
        read: () => Promise.resolve(null),
        run: () => Promise.resolve(null),
        keep: () => ({ before: null, after: { filter, rows: file.rows, bytes: file.bytes, sha256: file.sha256 } }),
        respond: () => ({ ...file, filename: `audit-${day}.csv` }),
      });
    } catch (error) {
      await file.discard();
      throw error;
    }
  }),
];
