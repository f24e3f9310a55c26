// What becomes of the events that hosts and their clients send; part of engagement.
import type { MetricContract } from './capability.ts';

export const EVENT_TYPES = ['track', 'page', 'screen', 'identify', 'group', 'alias'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Only `accepted` events are stored; `duplicate` ones were stored before. */
export const INGEST_RESULTS = ['accepted', 'duplicate', 'invalid', 'too_old', 'future', 'admin', 'impersonated', 'bot', 'consent', 'erased'] as const;
export type IngestResult = (typeof INGEST_RESULTS)[number];

/** Seconds, from what is sent at once to what a device sends when it is back online after weeks. */
export const INGEST_LAG_BUCKETS = [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400, 604_800] as const;

export const eventMetrics: readonly MetricContract[] = [
  {
    source: 'actions-api', name: 'admincenter_events_ingested_total', type: 'counter',
    help: 'Events that arrived, by type and by what became of them; only accepted ones are stored. An event of no known type is `unknown`.',
    labels: { type: [...EVENT_TYPES, 'unknown'], result: INGEST_RESULTS },
  },
  {
    source: 'actions-api', name: 'admincenter_event_ingest_lag_seconds', type: 'histogram',
    help: 'Seconds between an accepted event and its arrival, after the correction of the sender\'s clock.',
    labels: {}, buckets: INGEST_LAG_BUCKETS,
  },
  {
    source: 'exporter', name: 'admincenter_event_rollup_lag_seconds', type: 'gauge',
    help: 'Seconds since the first event that is not counted yet was received; 0 when all are.',
    labels: {},
  },
];
