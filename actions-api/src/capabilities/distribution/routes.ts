// Endpoints of distribution.
import { distribution } from '@admin-center/contracts/distribution';
import { requirePermission } from '../../platform/auth/admins.ts';
import { AppError } from '../../platform/errors.ts';
import { readSnapshot } from '../../platform/database.ts';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { reportAddress } from './address.ts';
import { readCountry, readOverview } from './breakdown.ts';
import { daysOf } from './days.ts';
import { readPlatforms } from './platforms.ts';
import { cellOf, readSeries } from './store.ts';
import { listUsers } from './users.ts';

const { endpoints } = distribution;
const PATIENCE_MS = 20_000;
const MOST_SERIES_DAYS = 400;

const filterOf = (text: string | undefined) => (text === undefined ? null : cellOf(text));

export const distributionRoutes = ({ config, database, clock, readClient }: Services): Route[] => [
  route(endpoints.overview, ({ query }) => readSnapshot(database, PATIENCE_MS, (tx) => readOverview(tx, daysOf(query, clock()), filterOf(query.filter)))),
  route(endpoints.regions, ({ query }) => readCountry(database, daysOf(query, clock()), query.country)),
  route(endpoints.series, ({ query }) => {
    if (query.from > query.to || Date.parse(query.to) - Date.parse(query.from) > MOST_SERIES_DAYS * 86_400_000) {
      throw new AppError('range_invalid', 422, `Choose up to ${MOST_SERIES_DAYS} days, the first before the last.`);
    }
    return readSnapshot(database, PATIENCE_MS, (tx) => readSeries(tx, query));
  }),
  route(endpoints.platforms, ({ query }) => readPlatforms(database, daysOf(query, clock()))),
  route(endpoints.users, ({ query }, { actor }) => {
    requirePermission(actor, 'users:read');
    return readSnapshot(database, PATIENCE_MS, (tx) => listUsers(tx, daysOf(query, clock()), cellOf(query.cell), filterOf(query.filter), query));
  }),
  route(endpoints.address, (_request, { caller }) => reportAddress(config, readClient, caller, clock())),
];
