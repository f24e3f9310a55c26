// Retention as a dashboard panel: its presets and its states.
import { screen } from '@testing-library/react';
import { getDefaultTimeRange, LoadingState, type PanelProps } from '@grafana/data';
import { engagement } from '@admin-center/contracts/engagement';
import { createBackend, Refusal } from '../../../test/backend.ts';
import { RETENTION } from '../../../test/engagement-fixtures.ts';
import { VIC } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { RetentionPanel, type RetentionPanelOptions } from './RetentionPanel.tsx';

const OPTIONS: RetentionPanelOptions = { showToggles: false, mode: 'unbounded', basis: 'own', interval: 'day', cohorts: 7 };

/** Only what the panel reads of Grafana's many props. */
function panel(options: RetentionPanelOptions) {
  const props: Pick<PanelProps<RetentionPanelOptions>, 'options' | 'width' | 'height' | 'data'> = { options, width: 800, height: 400, data: { state: LoadingState.Done, timeRange: getDefaultTimeRange(), series: [] } };
  return <RetentionPanel {...(props as PanelProps<RetentionPanelOptions>)} />;
}

test('asks what its options preset, and shows the grid without toggles', async () => {
  const backend = createBackend();
  backend.on(engagement.endpoints.retention, () => RETENTION);
  render(backend, panel(OPTIONS));
  expect(await screen.findByRole('table', { name: /Retention by day, unbounded/ })).toBeInTheDocument();
  expect(backend.requests.find(({ url }) => url.includes('/retention'))?.query).toEqual({ mode: 'unbounded', basis: 'own', interval: 'day', cohorts: '7' });
  expect(screen.queryByRole('radio', { name: 'On or after' })).not.toBeInTheDocument();
});

test('a reader without a role is told so in the panel', async () => {
  render(createBackend(), panel(OPTIONS), { as: VIC });
  expect(await screen.findByText('Not part of your role')).toBeInTheDocument();
});

test('an API that does not answer is said in the panel', async () => {
  render(createBackend(), panel(OPTIONS), {
    as: () => {
      throw new Refusal(502);
    },
  });
  expect(await screen.findByText('Could not load your permissions')).toBeInTheDocument();
});
