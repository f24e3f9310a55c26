// The users table with its actions, as a panel for any dashboard. No dynamic imports: a nested panel's chunks would not be
// found, since webpack puts them beside the app.
import '../../platform/jitless.ts';
import { PanelPlugin } from '@grafana/data';
import { TIERS } from '@admin-center/contracts/capability';
import { USER_STATES } from '@admin-center/contracts/users';
import { UsersPanel, type UsersPanelOptions } from './UsersPanel.tsx';

const any = { value: '', label: 'Any' } as const;

export const plugin = new PanelPlugin<UsersPanelOptions>(UsersPanel).setPanelOptions((builder) =>
  builder
    .addBooleanSwitch({ path: 'showFilters', name: 'Search and filters', description: 'Let readers search and narrow the list.', defaultValue: true })
    .addSelect({ path: 'tier', name: 'Tier', description: 'The tier the list starts with.', defaultValue: '', settings: { options: [any, ...TIERS.map((value) => ({ value, label: value }))] } })
    .addSelect({ path: 'state', name: 'State', description: 'The state the list starts with.', defaultValue: '', settings: { options: [any, ...USER_STATES.map((value) => ({ value, label: value }))] } })
    .addSelect({
      path: 'sort',
      name: 'Sort by',
      defaultValue: 'createdAt',
      settings: {
        options: [
          { value: 'createdAt', label: 'Newest sign-up' },
          { value: 'lastSeenAt', label: 'Seen most recently' },
          { value: 'email', label: 'E-mail' },
        ],
      },
    })
    .addNumberInput({ path: 'pageSize', name: 'Users a page', defaultValue: 10, settings: { min: 1, max: 100, integer: true } })
);
