// Retention as a dashboard panel: its presets.
import { screen } from '@testing-library/react';
import { engagement } from '@admin-center/contracts/engagement';
import { createBackend } from '../../../test/backend.ts';
import { RETENTION } from '../../../test/engagement-fixtures.ts';
import { panelProps } from '../../../test/panel-props.ts';
import { render } from '../../../test/render.tsx';
import { RetentionPanel, type RetentionPanelOptions } from './RetentionPanel.tsx';

const OPTIONS: RetentionPanelOptions = { showToggles: false, mode: 'unbounded', basis: 'own', interval: 'day', cohorts: 7 };

const panel = (options: RetentionPanelOptions) => <RetentionPanel {...panelProps(options)} />;

test('asks what its options preset, and shows the grid without toggles', async () => {
  const backend = createBackend();
  backend.on(engagement.endpoints.retention, () => RETENTION);
  render(backend, panel(OPTIONS));
  expect(await screen.findByRole('table', { name: /Retention by day, unbounded/ })).toBeInTheDocument();
  expect(backend.requests.find(({ url }) => url.includes('/retention'))?.query).toEqual({ mode: 'unbounded', basis: 'own', interval: 'day', cohorts: '7' });
  expect(screen.queryByRole('radio', { name: 'On or after' })).not.toBeInTheDocument();
});
