// What people see of a new capability: page, panels, dashboard, alert with its tests, and the page of the docs.
import type { Names } from './names.ts';

export function surfaceFiles({ noun, camel, pascal, snake, title }: Names): [file: string, content: string][] {
  const alert = `Admin${pascal}Missing`;
  const summary = `There are no numbers about ${title.toLowerCase()}.`;
  const description = `The series admincenter_${snake} is gone, so panels and other alerts built on it are empty.`;
  const runbook = `docs/capabilities/${noun}.md#${alert.toLowerCase()}`;
  return [
    [
      `grafana-plugin/src/capabilities/${noun}/panels.ts`,
      `// ${title} as panels and headline numbers.
import { metricHelp, type Headline, type Panel } from '../../platform/panel.ts';
import { gauge } from '../../platform/promql.ts';
import { pageUrl } from '../../routes.ts';

export const now: Headline = {
  title: '${title}',
  description: metricHelp('admincenter_${snake}'),
  unit: 'locale',
  expr: (offset) => gauge('admincenter_${snake}', {}, offset),
  good: 'up',
  change: 'percent',
  link: { label: 'Users, newest first', href: pageUrl('users') },
  permission: '${noun}:read',
};

export const overTime: Panel = {
  title: '${title} over time',
  description: metricHelp('admincenter_${snake}'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: gauge('admincenter_${snake}'), legend: '${title}' }],
};
`,
    ],
    [
      `grafana-plugin/src/capabilities/${noun}/${pascal}Page.ts`,
      `// The ${title} page.
import type { EmbeddedScene } from '@grafana/scenes';
import { graphPage, headlineRow, panelRow, type PageContext } from '../../platform/scene/page.ts';
import * as panels from './panels.ts';

export const ${camel}Page = (context: PageContext): EmbeddedScene =>
  graphPage({ rows: [headlineRow([panels.now], context), panelRow([panels.overTime], context)] });
`,
    ],
    [
      `grafana-plugin/src/dashboards/${noun}.ts`,
      `// Dashboard of ${title.toLowerCase()}.
import { now, overTime } from '../capabilities/${noun}/panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { headlineJson, panelJson } from './json-panels.ts';

export const ${camel}: DashboardSpec = {
  noun: '${noun}',
  title: '${title}',
  description: 'How many there are, and how that changed.',
  page: '${camel}',
  from: 'now-30d',
  variables: [],
  rows: [{ height: 8, panels: [headlineJson(now), panelJson(overTime)] }],
};
`,
    ],
    [
      `provisioning/prometheus/rules/${noun}.yml`,
      `# Rules about ${title.toLowerCase()}.
groups:
  - name: admin.${noun}
    rules:
      # A rule on a series that is gone stays silent, so its absence is a symptom of its own. A quarter of an hour rides out
      # a restart of the exporter.
      - alert: ${alert}
        expr: absent(admincenter_${snake})
        for: 15m
        labels: { severity: ticket }
        annotations:
          summary: ${summary}
          description: ${description}
          runbook_url: ${runbook}
`,
    ],
    [
      `provisioning/prometheus/tests/${noun}.test.yml`,
      `# Each alert of rules/${noun}.yml fires when it should and stays silent when it should.
rule_files: [../rules/${noun}.yml]
evaluation_interval: 1m
tests:
  - name: the series goes away
    interval: 1m
    input_series:
      - { series: 'admincenter_${snake}{job="admin-exporter"}', values: '5x10 _x40' }
    alert_rule_test:
      - { eval_time: 12m, alertname: ${alert}, exp_alerts: [] }
      - eval_time: 40m
        alertname: ${alert}
        exp_alerts:
          - exp_labels: { severity: ticket }
            exp_annotations:
              summary: ${summary}
              description: ${description}
              runbook_url: ${runbook}

  - name: the series is there, even at 0
    interval: 1m
    input_series:
      - { series: 'admincenter_${snake}{job="admin-exporter"}', values: '0x60' }
    alert_rule_test:
      - { eval_time: 60m, alertname: ${alert}, exp_alerts: [] }
`,
    ],
    [
      `docs/capabilities/${noun}.md`,
      `# ${title}

Say in a sentence what an admin does here and why.

## Definitions

- **${title}**: what counts and what does not, so that the number can be checked by hand.

<!-- generated: tables -->
<!-- end generated -->

## Runbook

### ${alert}

**Meaning.** Prometheus has had no sample of \`admincenter_${snake}\` for a quarter of an hour.

**Impact.** Panels of this page are empty and its alerts are silent.

**Diagnosis.** \`up{job="admin-exporter"}\` and \`admincenter_collector_success{collector="${noun}"}\` say whether the exporter or its query is the cause.

**Mitigation.** As for AdminTargetDown or AdminCollectorFailing in [core](core.md).
`,
    ],
  ];
}
