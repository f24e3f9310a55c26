// Experiments as a dashboard panel: one or all of them, and its states.
import { screen } from '@testing-library/react';
import { getDefaultTimeRange, LoadingState, type PanelProps } from '@grafana/data';
import { conversion } from '@admin-center/contracts/conversion';
import { createBackend } from '../../../test/backend.ts';
import { EXPERIMENT } from '../../../test/experiment-fixtures.ts';
import { VIC } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { ExperimentPanel, type ExperimentPanelOptions } from './ExperimentPanel.tsx';

/** Only what the panel reads of Grafana's many props. */
function panel(options: ExperimentPanelOptions) {
  const props: Pick<PanelProps<ExperimentPanelOptions>, 'options' | 'width' | 'height' | 'data'> = { options, width: 800, height: 400, data: { state: LoadingState.Done, timeRange: getDefaultTimeRange(), series: [] } };
  return <ExperimentPanel {...(props as PanelProps<ExperimentPanelOptions>)} />;
}

test('shows the experiment its options name', async () => {
  const backend = createBackend();
  backend.on(conversion.endpoints.experiment, () => EXPERIMENT);
  render(backend, panel({ flag: ' checkout-layout ' }));
  expect(await screen.findByText(EXPERIMENT.verdict.text)).toBeInTheDocument();
  expect(screen.queryByText('Split')).not.toBeInTheDocument();
});

test('lists all where none is named, or says that there is none', async () => {
  const backend = createBackend();
  backend.on(conversion.endpoints.experiments, () => ({ items: [] }));
  render(backend, panel({ flag: '' }));
  expect(await screen.findByText('No experiment has been started yet')).toBeInTheDocument();
});

test('a reader without a role is told so in the panel', async () => {
  render(createBackend(), panel({ flag: '' }), { as: VIC });
  expect(await screen.findByText('Not part of your role')).toBeInTheDocument();
});
