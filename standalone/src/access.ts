// Who may open a page: pure rules that the server (navigation, routes) and the browser (access denied) share.

/** Grafana's organisation roles, weakest first. */
export const ORG_ROLES = ['Viewer', 'Editor', 'Admin'] as const;
export type OrgRole = (typeof ORG_ROLES)[number];

export type Actions = Readonly<Record<string, boolean>>;

export const includesRole = (held: OrgRole, asked: OrgRole): boolean =>
  ORG_ROLES.indexOf(held) >= ORG_ROLES.indexOf(asked);

export const isOrgRole = (role: string | undefined): role is OrgRole => ORG_ROLES.some((known) => known === role);

/**
 * An action beats a role; neither means everybody with access to the app. A role that is not one of the three is no restriction:
 * so it is in Grafana, and a mistake must not only show there.
 */
export function mayAccess(
  asked: { readonly action?: string | undefined; readonly role?: string | undefined },
  held: OrgRole,
  actions: Actions,
): boolean {
  if (asked.action !== undefined && asked.action !== '') {
    return actions[asked.action] === true;
  }
  return isOrgRole(asked.role) ? includesRole(held, asked.role) : true;
}
