// Endpoints of promotion codes and of batches of them.
import { randomUUID } from 'node:crypto';
import type { ResponseOf } from '@admin-center/contracts/capability';
import { promotions } from '@admin-center/contracts/promotions';
import type { Work } from '../../platform/audited.ts';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { exportBatch } from './batch-export.ts';
import { insertBatch, listBatches, readBatch } from './batches.ts';
import { type CodeRow, insertCode, listCodes, lockCode, readCode, switchCode, toCode } from './codes.ts';
import { readHistory } from './history.ts';
import { atOneInstant } from './snapshot.ts';
import { requireSameVersion } from './versions.ts';

const { endpoints } = promotions;
type Done = ResponseOf<typeof endpoints.activateCode>;

export function codeRoutes({ database, recorder, clock, config }: Services): Route[] {
  const withStripe = config.STRIPE_SECRET_KEY !== undefined;
  const change = (active: boolean, codeId: string, { reason, version }: { readonly reason: string; readonly version: number }): Work<CodeRow, void, Done> => ({
    reason,
    read: (tx) => lockCode(tx, codeId, clock()),
    async run(tx, before) {
      requireSameVersion(version, before.version, toCode(before, clock()));
      await switchCode(tx, before, active);
    },
    keep: ({ before, after }) => ({ before: { active: before.active }, after: { active: after.active } }),
    respond: ({ after }, auditSequence) => ({ code: toCode(after, clock(), withStripe), auditSequence, message: `${after.code} is ${active ? 'on' : 'off'}.` }),
  });

  return [
    route(endpoints.listCodes, ({ query }) => listCodes(database, query, clock(), withStripe)),
    route(endpoints.getCode, ({ params: { codeId } }, { actor }) =>
      atOneInstant(database, async (tx) => ({ ...toCode(await readCode(tx, codeId, clock()), clock(), withStripe), history: await readHistory(tx, actor, 'promotion-code', codeId) })),
    ),
    route(endpoints.createCode, ({ body: { reason, ...fields } }, context) => {
      const codeId = randomUUID();
      return recorder.audited(context, 'promotions.code_create', { type: 'promotion-code', id: codeId }, {
        reason,
        read: async () => null,
        async run(tx) {
          await insertCode(tx, codeId, fields, clock());
          return readCode(tx, codeId, clock());
        },
        keep: ({ result }) => ({ before: null, after: toCode(result, clock()) }),
        respond: ({ result }, auditSequence) => ({ code: toCode(result, clock(), withStripe), auditSequence, message: `${result.code} was made.` }),
      });
    }),
    route(endpoints.activateCode, ({ params: { codeId }, body }, context) =>
      recorder.audited(context, 'promotions.code_activate', { type: 'promotion-code', id: codeId }, change(true, codeId, body)),
    ),
    route(endpoints.deactivateCode, ({ params: { codeId }, body }, context) =>
      recorder.audited(context, 'promotions.code_deactivate', { type: 'promotion-code', id: codeId }, change(false, codeId, body)),
    ),
    route(endpoints.listBatches, ({ query }) => listBatches(database, query)),
    route(endpoints.getBatch, ({ params }) => readBatch(database, params.batchId)),
    route(endpoints.createBatch, ({ body: { reason, ...fields } }, context) => {
      const batchId = randomUUID();
      return recorder.audited(context, 'promotions.batch_create', { type: 'code-batch', id: batchId }, {
        reason,
        read: async () => null,
        async run(tx) {
          await insertBatch(tx, batchId, fields, context.actor.email, clock());
          return readBatch(tx, batchId);
        },
        keep: ({ result }) => ({ before: null, after: result }),
        respond: ({ result }, auditSequence) => ({ batch: result, auditSequence, message: `${fields.count} codes are being made.` }),
      });
    }),
    route(endpoints.exportBatch, async ({ params: { batchId }, body: { reason } }, context) => {
      const file = await exportBatch(database, batchId, `${context.actor.email} ${context.requestId}`);
      try {
        return await recorder.audited(context, 'promotions.batch_export', { type: 'code-batch', id: batchId }, {
          reason,
          read: async () => null,
          run: async () => null,
          keep: () => ({ before: null, after: { rows: file.rows, bytes: file.bytes, sha256: file.sha256 } }),
          respond: () => ({ ...file, filename: `codes-${batchId}.csv` }),
        });
      } catch (error) {
        await file.discard();
        throw error;
      }
    }),
  ];
}
