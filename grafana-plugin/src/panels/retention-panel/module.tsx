// The retention grid as a panel for any dashboard. No dynamic imports: a nested panel's chunks would not be found, since
// webpack puts them beside the app.
import '../../platform/jitless.ts';
import { PanelPlugin } from '@grafana/data';
import { RETENTION_VIEW } from '../../capabilities/engagement/retention-view.ts';
import { RetentionPanel, type RetentionPanelOptions } from './RetentionPanel.tsx';

export const plugin = new PanelPlugin<RetentionPanelOptions>(RetentionPanel).setPanelOptions((builder) =>
  builder
    .addBooleanSwitch({ path: 'showToggles', name: 'Toggles', description: 'Let readers change what is counted.', defaultValue: true })
    .addRadio({
      path: 'mode',
      name: 'Mode',
      defaultValue: RETENTION_VIEW.mode,
      settings: { options: [{ value: 'bounded', label: 'On' }, { value: 'unbounded', label: 'On or after' }] },
    })
    .addRadio({
      path: 'basis',
      name: 'Basis',
      defaultValue: RETENTION_VIEW.basis,
      settings: { options: [{ value: 'calendar', label: 'Calendar' }, { value: 'own', label: 'Own 24 hours' }] },
    })
    .addRadio({
      path: 'interval',
      name: 'Interval',
      defaultValue: RETENTION_VIEW.interval,
      settings: { options: [{ value: 'day', label: 'Day' }, { value: 'week', label: 'Week' }, { value: 'month', label: 'Month' }] },
    })
    .addNumberInput({ path: 'cohorts', name: 'Cohorts', defaultValue: RETENTION_VIEW.cohorts, settings: { min: 1, max: 53, integer: true } })
);
