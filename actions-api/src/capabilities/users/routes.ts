// Endpoints of the users capability.
import type { ResponseOf } from '@admin-center/contracts/capability';
import { users } from '@admin-center/contracts/users';
import type { Work } from '../../platform/audited.ts';
import type { Actor } from '../../platform/context.ts';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { type Change, previewOf, readSubject, type Subject } from './preview.ts';
import { admit, readUser, searchUsers } from './service.ts';
import { lockSubject, reactivateUser, stateOf, suspendUser } from './store.ts';

const { endpoints } = users;

export const usersRoutes = ({ database, recorder }: Services): Route[] => [
  route(endpoints.list, ({ query }) => searchUsers(database, query)),
  route(endpoints.get, ({ params }, { actor }) => readUser(database, params.userId, actor)),
  route(endpoints.suspendPreview, async ({ params }) => previewOf('suspend', await readSubject(database, params.userId))),
  route(endpoints.suspend, ({ params: { userId }, body }, context) =>
    recorder.audited(context, 'users.suspend', { type: 'user', id: userId }, change('suspend', userId, body, context.actor)),
  ),
  route(endpoints.reactivatePreview, async ({ params }) => previewOf('reactivate', await readSubject(database, params.userId))),
  route(endpoints.reactivate, ({ params: { userId }, body }, context) =>
    recorder.audited(context, 'users.reactivate', { type: 'user', id: userId }, change('reactivate', userId, body, context.actor)),
  ),
];

interface ChangeRequest {
  readonly reason: string;
  readonly previewToken?: string | undefined;
}

/** Both changes follow the same steps and differ in one statement and two words. */
const change = (kind: Change, userId: string, { reason, previewToken }: ChangeRequest, actor: Actor): Work<Subject, number, ResponseOf<typeof endpoints.suspend>> => ({
  reason,
  read: (tx) => lockSubject(tx, userId),
  run(tx, before) {
    admit(kind, before, actor, previewToken);
    return kind === 'suspend' ? suspendUser(tx, userId, reason) : reactivateUser(tx, userId);
  },
  keep: ({ before, after }) => ({ before: stateOf(before), after: stateOf(after) }),
  respond: ({ after: { summary }, result: sessionsRevoked }, auditSequence) => ({
    user: summary,
    sessionsRevoked,
    auditSequence,
    message: kind === 'suspend' ? `${summary.email} is suspended; sessions ended: ${sessionsRevoked}.` : `${summary.email} is active again and can sign in.`,
  }),
});
