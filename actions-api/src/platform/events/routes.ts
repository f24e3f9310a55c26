// POST /ingest/segment/v1/…: Segment's HTTP tracking API, so that SDKs of Segment and RudderStack send to us unchanged.
// https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/
import { randomUUID } from 'node:crypto';
import type { EventType } from '@admin-center/contracts/engagement-events';
import { type Request, type Response, Router } from 'express';
import type pg from 'pg';
import { AppError } from '../errors.ts';
import { createKeyCheck, presentedKey } from '../project-keys/require-project-key.ts';
import type { Services } from '../services.ts';
import { createAdmission } from './admission.ts';
import { announcedBytes, type Body, readBody } from './body.ts';
import { clientAddress, trustedProxiesOf } from './client-address.ts';
import { refusedByBrowser } from './consent.ts';
import { allowOrigins, answerPreflight } from './cors.ts';
import { createEventCounter } from './counter.ts';
import { createInsert } from './insert.ts';
import { createEventReader } from './read-event.ts';
import { type Envelope, envelope } from './schema.ts';
import { takeEvents } from './take.ts';
import { createWriter } from './writer.ts';

const PREFIX = '/ingest/segment/v1';
/** The one-letter names are those of analytics-next. */
const PATHS: Readonly<Record<string, EventType | 'batch'>> = {
  batch: 'batch', b: 'batch', track: 'track', t: 'track', identify: 'identify', i: 'identify', page: 'page', p: 'page',
  screen: 'screen', s: 'screen', group: 'group', g: 'group', alias: 'alias', a: 'alias',
};
/** Requests in the process, in bytes; each becomes several times that in objects. */
const MOST_BYTES = 16 * 1_024 * 1_024;
/** Few statements of many events: each costs PostgreSQL as much by itself as a few dozen events in it. */
const WRITER = { atOnce: 2, enough: 20, momentMs: 2, most: 1_000, patienceMs: 5_000 } as const;

export function eventIngestRoutes(services: Services, pool: pg.Pool): Router {
  const checkKey = createKeyCheck(services, ['client', 'server']);
  const admission = createAdmission(MOST_BYTES);
  const counter = createEventCounter(services.meter);
  const writer = createWriter({ ...WRITER, insert: createInsert(pool) });
  const trusted = trustedProxiesOf(services.config.TRUSTED_PROXIES);
  const read = createEventReader(services.readClient, randomUUID);

  const answer = async (request: Request, response: Response, kind: EventType | 'batch'): Promise<void> => {
    const receivedAt = services.clock();
    const presented = presentedKey(request);
    const shown = presented === null ? null : await checkKey(presented, request, response);
    const taken = admission.take(announcedBytes(request));
    try {
      const body = await readBody(request, response);
      taken.shrink(body.bytes);
      const key = shown ?? (await checkKey(writeKeyOf(body), request, response));
      const { batch, sentAt, context } = kind === 'batch' ? envelopeOf(body) : { batch: [{ ...body.json, type: kind }], sentAt: null, context: null };
      const result = await takeEvents({ read, writer, counter }, batch, body.bytes, {
        project: key.project, receivedAt, sentAt: sentAt ?? null, context: context ?? {}, fromServer: key.kind === 'server',
        ...clientAddress(request, trusted), headers: request.headers, refusedByBrowser: refusedByBrowser(request.headers),
        definition: services.policy.qualifying.current(),
      });
      response.json(result);
    } finally {
      taken.giveBack();
    }
  };

  const router = Router();
  for (const [name, kind] of Object.entries(PATHS)) {
    router.options(`${PREFIX}/${name}`, allowOrigins, answerPreflight);
    router.post(`${PREFIX}/${name}`, allowOrigins, (request, response) => answer(request, response, kind));
  }
  return router;
}

/** Beacons carry no headers of their own, so SDKs put the key into the body too. */
function writeKeyOf({ json }: Body): string | null {
  const { writeKey, batch } = json;
  const inner = Array.isArray(batch) ? (batch[0] as { writeKey?: unknown } | null)?.writeKey : undefined;
  const key = writeKey ?? inner;
  return typeof key === 'string' && key !== '' && key.length <= 200 ? key : null;
}

function envelopeOf({ json }: Body): Envelope {
  const parsed = envelope.safeParse(json);
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => ({ path: ['body', ...path].join('.'), message }));
    throw new AppError('body_invalid', 400, errors.map(({ path, message }) => `${path}: ${message}`).join(' '), { errors });
  }
  return parsed.data;
}
