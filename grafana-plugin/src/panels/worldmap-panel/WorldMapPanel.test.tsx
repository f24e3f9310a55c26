// The map as a dashboard panel: over the API, over a query, and what a click does to the dashboard.
import { fireEvent, screen } from '@testing-library/react';
import { FieldType, toDataFrame, type DataFrame } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { distribution } from '@admin-center/contracts/distribution';
import { createBackend } from '../../../test/backend.ts';
import { panelProps } from '../../../test/panel-props.ts';
import { VIC } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { WorldMapPanel, type WorldMapPanelOptions } from './WorldMapPanel.tsx';

const OPTIONS: WorldMapPanelOptions = { source: 'api', window: '30d', label: 'country', variable: 'country', all: '.*', showList: true };
const NONE = { rows: [], other: { values: 0, users: 0 } };

const panel = (options: WorldMapPanelOptions, series: DataFrame[] = [], country = '.*') => <WorldMapPanel {...panelProps(options, { series, variable: country })} />;

const german = toDataFrame({ fields: [{ name: 'Value', type: FieldType.number, labels: { country: 'DE' }, values: [7] }] });

test('active users of the API; a click sets the variable of the dashboard, another takes it back', async () => {
  const backend = createBackend();
  backend.on(distribution.endpoints.overview, () => ({
    day: '2024-06-14', window: '30d' as const, filter: null, total: 12,
    dimensions: { country: { rows: [{ value: 'DE', users: 9 }], other: { values: 1, users: null } }, region: NONE, platform: NONE, device: NONE, os: NONE, browser: NONE, version: NONE, feature: NONE },
  }));
  backend.on(distribution.endpoints.regions, () => ({ rows: [{ value: 'DE-BE', users: 6 }], other: { values: 1, users: null } }));
  const { unmount } = render(backend, panel(OPTIONS));
  fireEvent.click(await screen.findByRole('button', { name: /^Germany: 9 users, 75.0%/ }));
  expect(locationService.getSearch().get('var-country')).toBe('DE');
  unmount();
  render(backend, panel(OPTIONS, [], 'DE'));
  expect(await screen.findByText('DE-BE')).toBeInTheDocument();
  expect(screen.getByText(/fewer than 5 in all/)).toBeInTheDocument();
  fireEvent.click(screen.getByRole('button', { name: 'Germany' }));
  expect(locationService.getSearch().get('var-country')).toBe('.*');
});

test('a query with a label of countries, without asking the API', async () => {
  const backend = createBackend();
  render(backend, panel({ ...OPTIONS, source: 'query' }, [german]), { as: VIC });
  expect(await screen.findByRole('button', { name: /^Germany: 7 users, 100.0%/ })).toBeInTheDocument();
  expect(backend.requests.filter(({ url }) => url.includes('distribution'))).toEqual([]);
});

test('a query without countries says what it has to answer', async () => {
  render(createBackend(), panel({ ...OPTIONS, source: 'query' }));
  expect(await screen.findByText(/series with a label "country"/)).toBeInTheDocument();
});
