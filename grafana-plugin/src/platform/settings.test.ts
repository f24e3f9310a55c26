// The settings a Grafana admin types in.
import { apiUrlProblem, prometheusSource, withoutTrailingSlash } from './settings.ts';

test.each(['http://actions-api:4000', 'https://admin.example.com/back-office', 'http://127.0.0.1:4000/'])('%s is an address', (url) => {
  expect(apiUrlProblem(url)).toBeUndefined();
});

test.each(['actions-api:4000', '', 'ftp://host', 'http://host/api/v1', 'http://host?x=1'])('%s is not', (url) => {
  expect(apiUrlProblem(url)).toMatch(/\.$/);
});

test('the slash at the end is dropped, the data source has a default', () => {
  expect(withoutTrailingSlash(' http://host:4000// ')).toBe('http://host:4000');
  expect(prometheusSource(undefined)).toEqual({ type: 'prometheus', uid: 'prometheus' });
  expect(prometheusSource({ prometheusUid: 'mimir' }).uid).toBe('mimir');
});
