// Experiments as a dashboard panel: one or all of them.
import { screen } from '@testing-library/react';
import { conversion } from '@admin-center/contracts/conversion';
import { createBackend } from '../../../test/backend.ts';
import { EXPERIMENT } from '../../../test/experiment-fixtures.ts';
import { panelProps } from '../../../test/panel-props.ts';
import { render } from '../../../test/render.tsx';
import { ExperimentPanel, type ExperimentPanelOptions } from './ExperimentPanel.tsx';

const panel = (options: ExperimentPanelOptions) => <ExperimentPanel {...panelProps(options)} />;

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
