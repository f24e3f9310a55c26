// What Grafana offers for its one data source here: POST /api/ds/query, and the label and series look-ups of query variables.
import express, { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { PrometheusError, type PrometheusClient } from '@admin-center/platform/prometheus';
import { querySchema, runQuery, type QueryAnswer } from './query.ts';

export const DATASOURCE_UID = 'prometheus';
const MAX_QUERIES = 50;

const milliseconds = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const requestSchema = z
  .object({ queries: z.array(querySchema).min(1).max(MAX_QUERIES), from: milliseconds, to: milliseconds })
  .refine(({ from, to }) => from < to, 'from must be before to');

const RESOURCES = `/api/datasources/uid/${DATASOURCE_UID}/resources/api/v1`;

export function prometheusRoutes(client: PrometheusClient, scrapeInterval: string): Router {
  const router = Router();

  router.post('/api/ds/query', express.json({ limit: '1mb' }), async (req, res) => {
    const parsed = requestSchema.safeParse(req.body);
    if (!parsed.success) {
      res.status(400).json({ message: `bad request data: ${z.prettifyError(parsed.error)}` });
      return;
    }
    const { queries, from: fromMs, to: toMs } = parsed.data;
    if (queries.some(({ datasource }) => datasource.uid !== DATASOURCE_UID)) {
      res.status(404).json({ message: 'Data source not found' });
      return;
    }
    const signal = abortWith(res);
    const answers = await Promise.all(
      queries.map(async (query): Promise<[string, QueryAnswer]> => [
        query.refId,
        await runQuery(query, { client, scrapeInterval, fromMs, toMs, signal }),
      ]),
    );
    // Grafana answers 400 when any part failed; the parts that worked are in the same body.
    res
      .status(answers.some(([, { error }]) => error !== undefined) ? 400 : 200)
      .json({ results: Object.fromEntries(answers) });
  });

  const lookUp = async (req: Request, res: Response): Promise<void> => {
    const path = lookUpPath(req);
    if (path === null) {
      res.status(404).json({ message: 'Not found' });
      return;
    }
    const parameters = new URLSearchParams(
      typeof req.body === 'object' && req.body !== null ? (req.body as Record<string, string>) : undefined,
    );
    new URL(req.originalUrl, 'http://localhost').searchParams.forEach((value, key) => parameters.append(key, value));
    try {
      res.json({ status: 'success', data: await client.lookUp(path, parameters, abortWith(res)) });
    } catch (error) {
      if (!(error instanceof PrometheusError)) {
        throw error;
      }
      res.status(error.status).json({ status: 'error', message: error.message });
    }
  };
  for (const path of [`${RESOURCES}/:what`, `${RESOURCES}/label/:name/values`]) {
    router.get(path, lookUp);
    router.post(path, express.urlencoded({ extended: false, limit: '100kb' }), lookUp);
  }
  return router;
}

/** Names and values of labels, series and metadata: read-only, and all that query variables need. */
function lookUpPath({ params: { what, name } }: Request): `/api/v1/${string}` | null {
  if (typeof name === 'string') {
    return /^[a-zA-Z_]\w*$/.test(name) ? `/api/v1/label/${name}/values` : null;
  }
  return what === 'labels' || what === 'series' || what === 'metadata' ? `/api/v1/${what}` : null;
}

/** Ends the work for an answer nobody waits for any more. */
function abortWith(res: Response): AbortSignal {
  const controller = new AbortController();
  res.on('close', () => controller.abort());
  return controller.signal;
}
