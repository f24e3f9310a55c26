// The result of an experiment as a panel for any dashboard. No dynamic imports: a nested panel's chunks would not be found,
// since webpack puts them beside the app.
import '../../platform/jitless.ts';
import { PanelPlugin } from '@grafana/data';
import { ExperimentPanel, type ExperimentPanelOptions } from './ExperimentPanel.tsx';

export const plugin = new PanelPlugin<ExperimentPanelOptions>(ExperimentPanel).setPanelOptions((builder) =>
  builder.addTextInput({ path: 'flag', name: 'Experiment', description: 'Key of its flag; empty lists all experiments.', defaultValue: '' })
);
