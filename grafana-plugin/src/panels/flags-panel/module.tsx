// The table of flags with its switches, as a panel for any dashboard. No dynamic imports: a nested panel's chunks would not
// be found, since webpack puts them beside the app.
import '../../platform/jitless.ts';
import { PanelPlugin } from '@grafana/data';
import { FLAG_LIFECYCLES } from '@admin-center/contracts/flags';
import { FlagsPanel, type FlagsPanelOptions } from './FlagsPanel.tsx';

export const plugin = new PanelPlugin<FlagsPanelOptions>(FlagsPanel).setPanelOptions((builder) =>
  builder
    .addBooleanSwitch({ path: 'showFilters', name: 'Search and filters', description: 'Let readers search and narrow the list.', defaultValue: true })
    .addSelect({
      path: 'lifecycle',
      name: 'Stage of life',
      description: 'The stage the list starts with.',
      defaultValue: '',
      settings: { options: [{ value: '', label: 'Any' }, ...FLAG_LIFECYCLES.map((value) => ({ value, label: value }))] },
    })
    .addTextInput({ path: 'keys', name: 'Only these flags', description: 'Their keys, with commas between them; empty shows all.', defaultValue: '' })
    .addNumberInput({ path: 'pageSize', name: 'Flags a page', defaultValue: 20, settings: { min: 1, max: 100, integer: true } })
);
