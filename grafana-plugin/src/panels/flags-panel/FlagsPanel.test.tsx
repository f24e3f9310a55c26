// The flags as a dashboard panel: its presets.
import { screen } from '@testing-library/react';
import { flags } from '@admin-center/contracts/flags';
import { createBackend } from '../../../test/backend.ts';
import { SUMMARY } from '../../../test/flag-fixtures.ts';
import { panelProps } from '../../../test/panel-props.ts';
import { render } from '../../../test/render.tsx';
import { FlagsPanel, type FlagsPanelOptions } from './FlagsPanel.tsx';

const OPTIONS: FlagsPanelOptions = { showFilters: false, lifecycle: 'live', keys: 'faster-upload, checkout-copy', pageSize: 5 };
const COUNTS = { new: 0, live: 1, stale: 0, killed: 0, archived: 0 };

const panel = (options: FlagsPanelOptions) => <FlagsPanel {...panelProps(options)} />;

test('lists what its options preset, with switch and button beside each flag', async () => {
  const backend = createBackend();
  backend.on(flags.endpoints.list, () => ({ items: [SUMMARY], nextCursor: null, lifecycles: COUNTS }));
  render(backend, panel(OPTIONS));
  expect(await screen.findByRole('link', { name: 'Faster upload' })).toBeInTheDocument();
  expect(screen.getByRole('switch', { name: 'faster-upload is on' })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Kill faster-upload' })).toBeInTheDocument();
  expect(backend.requests.find(({ url }) => url.includes('/v1/flags'))?.query).toEqual({ lifecycle: 'live', keys: 'faster-upload, checkout-copy', limit: '5' });
  expect(screen.queryByLabelText('Search flags')).not.toBeInTheDocument();
});

test('links to the same list in the app', async () => {
  const backend = createBackend();
  backend.on(flags.endpoints.list, () => ({ items: [SUMMARY], nextCursor: null, lifecycles: COUNTS }));
  render(backend, panel({ ...OPTIONS, keys: '', showFilters: true }));
  expect(await screen.findByRole('link', { name: /Open in the Admin Center/ })).toHaveAttribute('href', '/a/cloudtolocalllm-admincenter-app/flags?lifecycle=live');
});
