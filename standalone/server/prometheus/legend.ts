// The name of a series, by the rules of Grafana's Prometheus data source (pkg/promlib/querydata/response.go).

export type Labels = Readonly<Record<string, string>>;

/** The metric as PromQL writes it, `{}` when it has no name and no labels. */
export function metricText(labels: Labels): string {
  const { __name__: name = '', ...others } = labels;
  const pairs = Object.entries(others)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .toSorted();
  return pairs.length === 0 && name !== '' ? name : `${name}{${pairs.join(', ')}}`;
}

/** @returns an empty string when the front end shall name the series by the labels that differ (`__auto`) */
export function seriesName(legendFormat: string | undefined, labels: Labels, expression: string): string {
  let name = metricText(labels);
  if (legendFormat === '__auto') {
    name = Object.keys(labels).length > 0 ? '' : name;
  } else if (legendFormat !== undefined && legendFormat !== '') {
    name = legendFormat.replace(/\{\{\s*(.+?)\s*\}\}/g, (_whole, label: string) => labels[label.trim()] ?? '');
  }
  return name === '{}' ? expression : name;
}
