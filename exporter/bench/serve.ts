// A server of one metrics page, as a process of its own: `node serve.ts exporter|plain <series>`. Prints its port.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MetricContract } from '@admin-center/contracts/capability';
import { createExposition } from '../src/exposition.ts';
import { createRenderer } from '../src/render.ts';
import { createExporterServer } from '../src/server.ts';

const [kind, count] = [process.argv[2], Number(process.argv[3])];

/** Three labels and a line of about 80 bytes, like those of the product. */
const metric: MetricContract = {
  name: 'admincenter_bench_users', type: 'gauge', source: 'exporter', help: 'Users, for a benchmark.',
  labels: { tier: { max: count }, state: ['active', 'suspended'], window: { max: count } },
};
const text = createRenderer([metric]).render(
  Array.from({ length: count }, (_, index) => ({ metric: metric.name, labels: { tier: `tier-${index}`, state: 'active', window: `${index % 97}d` }, value: index * 1.5 })),
);

const exposition = createExposition();
await exposition.publish(text);
const page = exposition.current();
if (page === null) {
  throw new Error('nothing was published');
}
const server = kind === 'exporter' ? createExporterServer({ exposition, notReady: () => [] }) : createServer((_, response) => response.end(page.plain));
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
