// Entries in the menus of Grafana's own panels, as data: plugin.json announces them, module.tsx adds them.
export const PANEL_MENU = 'grafana/dashboard/panel/menu';

export const LINKS = {
  whatChanged: {
    targets: [PANEL_MENU],
    title: 'What changed?',
    description: 'Ranks the admin actions in the time range of this panel by how well each explains a step in its series.',
  },
  impersonate: {
    targets: [PANEL_MENU],
    title: 'Impersonate this user',
    description: 'Asks to see the product as the user whom this panel shows, with the panel as the reason.',
  },
} as const;
