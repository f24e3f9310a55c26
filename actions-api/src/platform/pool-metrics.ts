// How busy the connections to PostgreSQL are, read when Prometheus asks. Attributes follow the OpenTelemetry semantic conventions;
// the conventional name db.client.connection.count would end in a suffix that Prometheus keeps for histograms.
import type { Meter } from '@opentelemetry/api';
import type pg from 'pg';

export function observePools(meter: Meter, pools: Readonly<Record<string, pg.Pool>>): void {
  const connections = meter.createObservableGauge('db_client_connections', { description: 'Connections to PostgreSQL by pool and state.' });
  const waiting = meter.createObservableGauge('db_client_connection_pending_requests', { description: 'Queries that wait for a free connection.' });
  meter.addBatchObservableCallback(
    (result) => {
      for (const [name, pool] of Object.entries(pools)) {
        const of = { db_client_connection_pool_name: name };
        result.observe(connections, pool.idleCount, { ...of, db_client_connection_state: 'idle' });
        result.observe(connections, pool.totalCount - pool.idleCount, { ...of, db_client_connection_state: 'used' });
        result.observe(waiting, pool.waitingCount, of);
      }
    },
    [connections, waiting],
  );
}
