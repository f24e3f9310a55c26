// Endpoints of the subscriptions capability.
import { subscriptions } from '@admin-center/contracts/subscriptions';
import { pageOf } from '../../platform/cursor.ts';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { listMovements, listSubscriptions, movementCursor, subscriptionCursor } from './store.ts';

const { endpoints } = subscriptions;

export const subscriptionsRoutes = ({ database }: Services): Route[] => [
  route(endpoints.list, async ({ query }) => {
    const after = query.cursor === undefined ? null : subscriptionCursor.decode(query.cursor);
    const rows = await listSubscriptions(database, query, after, query.limit + 1);
    return pageOf(rows, query.limit, (row) => subscriptionCursor.encode({ at: row.position, id: row.id }));
  }),
  route(endpoints.movements, async ({ query }) => {
    const after = query.cursor === undefined ? null : movementCursor.decode(query.cursor);
    const rows = await listMovements(database, query, after, query.limit + 1);
    return pageOf(rows, query.limit, (row) => movementCursor.encode({ at: row.position, id: row.userId, currency: row.rawCurrency }));
  }),
];
