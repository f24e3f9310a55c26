// The actions plugin.json grants to a person, as Grafana declares a plugin's roles.
import { includesRole, type Actions } from '../src/access.ts';
import type { Person } from './people.ts';
import type { PluginManifest } from './plugin-files.ts';

/**
 * What is granted to the person's organisation role or a weaker one, and what every viewer of Grafana has that this plugin needs.
 * "Grafana Admin" grants reach nobody: there is no server admin here.
 */
export function actionsOf(manifest: PluginManifest, person: Person): Actions {
  const granted = manifest.roles.filter(({ grants }) =>
    grants.some((grant) => grant !== 'Grafana Admin' && includesRole(person.orgRole, grant)),
  );
  const actions = [
    'plugins.app:access',
    'datasources:query',
    ...granted.flatMap(({ role }) => role.permissions.map(({ action }) => action)),
  ];
  return Object.fromEntries(actions.map((action) => [action, true]));
}
