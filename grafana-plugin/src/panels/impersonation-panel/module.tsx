// The sessions under way with their buttons, as a panel for any dashboard. No dynamic imports: a nested panel's chunks would
// not be found, since webpack puts them beside the app.
import '../../platform/jitless.ts';
import { PanelPlugin } from '@grafana/data';
import { ImpersonationPanel, type ImpersonationPanelOptions } from './ImpersonationPanel.tsx';

export const plugin = new PanelPlugin<ImpersonationPanelOptions>(ImpersonationPanel).setPanelOptions((builder) =>
  builder
    .addBooleanSwitch({ path: 'showRequest', name: 'Button to ask for a session', description: 'The link to this dashboard and its time range are kept with the reason.', defaultValue: true })
    .addTextInput({ path: 'user', name: 'User', description: 'Id of the user the request starts with; a variable such as ${user} follows the dashboard.', defaultValue: '' })
);
