// What became of the events, as counters of this process. All series are there from the start: a rate needs a first value.
import { EVENT_TYPES, eventMetrics, INGEST_LAG_BUCKETS, INGEST_RESULTS, type EventType, type IngestResult } from '@admin-center/contracts/engagement-events';
import type { Meter } from '@opentelemetry/api';

const helpOf = (name: string): string => eventMetrics.find((metric) => metric.name === name)?.help ?? '';

export interface EventCounter {
  count(type: EventType | 'unknown', result: IngestResult, events: number): void;
  /** Of an accepted event. */
  lag(seconds: number): void;
}

export function createEventCounter(meter: Meter): EventCounter {
  const ingested = meter.createCounter('admincenter_events_ingested_total', { description: helpOf('admincenter_events_ingested_total') });
  const lag = meter.createHistogram('admincenter_event_ingest_lag_seconds', { description: helpOf('admincenter_event_ingest_lag_seconds'), advice: { explicitBucketBoundaries: [...INGEST_LAG_BUCKETS] } });
  for (const type of [...EVENT_TYPES, 'unknown']) {
    for (const result of INGEST_RESULTS) {
      ingested.add(0, { type, result });
    }
  }
  return {
    count: (type, result, events) => ingested.add(events, { type, result }),
    lag: (seconds) => lag.record(seconds),
  };
}
