// The world map as a panel for any dashboard. No dynamic imports: a nested panel's chunks would not be found, since webpack
// puts them beside the app.
import '../../platform/jitless.ts';
import { PanelPlugin } from '@grafana/data';
import { WINDOWS } from '@admin-center/contracts/distribution-places';
import { WorldMapPanel, type WorldMapPanelOptions } from './WorldMapPanel.tsx';

const SOURCES = [
  { value: 'api' as const, label: 'Active users of the Admin Center' },
  { value: 'query' as const, label: "The panel's query" },
];

export const plugin = new PanelPlugin<WorldMapPanelOptions>(WorldMapPanel).setPanelOptions((builder) =>
  builder
    .addSelect({ path: 'source', name: 'Numbers', description: 'Whose numbers are drawn.', defaultValue: 'api', settings: { options: SOURCES } })
    .addSelect({ path: 'window', name: 'Window', defaultValue: '30d', settings: { options: WINDOWS.map((value) => ({ value, label: value })) }, showIf: ({ source }) => source === 'api' })
    .addTextInput({ path: 'label', name: 'Label of the country', description: 'It holds ISO 3166-1 codes such as DE.', defaultValue: 'country', showIf: ({ source }) => source === 'query' })
    .addTextInput({ path: 'variable', name: 'Variable', description: 'Dashboard variable that a click on a country sets; empty for none.', defaultValue: 'country' })
    .addTextInput({ path: 'all', name: 'Value for all', description: 'What the variable holds while no country is chosen.', defaultValue: '.*', showIf: ({ variable }) => variable !== '' })
    .addBooleanSwitch({ path: 'showList', name: 'List beside the map', defaultValue: true })
);
