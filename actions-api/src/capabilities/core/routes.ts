// Endpoints of the core capability: who am I, how are the parts, what did the adapter find.
import { core, type probe } from '@admin-center/contracts/core';
import { sql } from 'kysely';
import type { z } from 'zod';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { keyRoutes } from './keys.ts';
import { checkParts } from './parts.ts';

const { endpoints } = core;

export const coreRoutes = (services: Services): Route[] => [...stateRoutes(services), ...keyRoutes(services)];

const stateRoutes = ({ config, database, clock }: Services): Route[] => [
  route(endpoints.me, (_request, { actor }) =>
    Promise.resolve({
      user: { id: actor.userId, email: actor.email, name: actor.name },
      roles: [...actor.roles],
      permissions: [...actor.permissions].sort(),
    }),
  ),
  route(endpoints.parts, async () => ({ items: await checkParts(database, config, clock) })),
  route(endpoints.probes, async () => {
    const { rows } = await sql<z.output<typeof probe>>`
      SELECT name, kind, found, detail FROM admin_center.host_probe ORDER BY kind, name
    `.execute(database);
    return { items: rows };
  }),
];
