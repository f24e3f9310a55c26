// Endpoints for project keys: list, make, rotate, revoke.
import { core } from '@admin-center/contracts/core';
import type { ProjectKeyRow } from '@admin-center/contracts/core-keys';
import { conflict, notFound } from '../../platform/errors.ts';
import { makeKey } from '@admin-center/platform/project-key';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import type { Tx } from '../../platform/database.ts';
import { insertKey, listKeys, lockKey, replaceKey, revokeKey } from './keys-store.ts';

const { endpoints } = core;

export const keyRoutes = ({ database, recorder, clock }: Services): Route[] => [
  route(endpoints.keys, async () => ({ items: await listKeys(database) })),
  route(endpoints.createKey, ({ body: { reason, ...details } }, context) => {
    const made = makeKey(details.environment);
    return recorder.audited(context, 'core.key_create', { type: 'project-key', id: made.id }, {
      reason,
      read: (tx) => lockKey(tx, made.id),
      run(tx) {
        if (details.expiresAt !== undefined && new Date(details.expiresAt) <= clock()) {
          throw conflict('key_expired_already', 'This key would have expired already. Choose a later instant or none.');
        }
        return insertKey(tx, made, details, context.actor.userId);
      },
      keep: ({ after }) => ({ before: null, after: after && kept(after) }),
      respond: ({ after }, auditSequence) => ({ key: after as ProjectKeyRow, secret: made.secret, auditSequence, message: `The key for ${details.name} is made. Copy it now: it is not shown again.` }),
    });
  }),
  route(endpoints.rotateKey, ({ params: { keyId }, body: { reason, overlapHours } }, context) =>
    recorder.audited(context, 'core.key_rotate', { type: 'project-key', id: keyId }, {
      reason,
      read: (tx) => requireKey(tx, keyId),
      async run(tx, before) {
        requireGood(before);
        if (before.replacedBy !== null) {
          throw conflict('key_rotated_already', `This key was rotated already, into ${before.replacedBy}.`);
        }
        const made = makeKey(before.environment);
        const { name, project, kind, environment } = before;
        await insertKey(tx, made, { name, project, kind, environment }, context.actor.userId);
        await replaceKey(tx, keyId, made.id, overlapHours);
        return { secret: made.secret, key: (await lockKey(tx, made.id)) as ProjectKeyRow };
      },
      keep: ({ before, after }) => ({ before: kept(before), after: kept(after) }),
      respond: ({ after, result: { key, secret } }, auditSequence) => ({
        key, secret, previous: after, auditSequence,
        message: overlapHours === 0 ? `${key.name} has a new key, and the old one is refused from now on.` : `${key.name} has a new key; the old one stays good for ${overlapHours} hours.`,
      }),
    }),
  ),
  route(endpoints.revokeKey, ({ params: { keyId }, body: { reason } }, context) =>
    recorder.audited(context, 'core.key_revoke', { type: 'project-key', id: keyId }, {
      reason,
      read: (tx) => requireKey(tx, keyId),
      run(tx, before) {
        requireGood(before);
        return revokeKey(tx, keyId);
      },
      keep: ({ before, after }) => ({ before: kept(before), after: kept(after) }),
      respond: ({ after }, auditSequence) => ({ key: after, auditSequence, message: `The key of ${after.name} is revoked.` }),
    }),
  ),
];

async function requireKey(tx: Tx, id: string): Promise<ProjectKeyRow> {
  const key = await lockKey(tx, id);
  if (key === null) {
    throw notFound('project key');
  }
  return key;
}

function requireGood({ state }: ProjectKeyRow): void {
  if (state === 'revoked' || state === 'expired') {
    throw conflict('key_over', `This key is ${state} already.`);
  }
}

/** When it was last used is no part of the change. */
const kept = ({ lastUsedAt: _lastUsedAt, ...key }: ProjectKeyRow): Omit<ProjectKeyRow, 'lastUsedAt'> => key;
