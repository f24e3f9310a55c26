// The navigation the server made for this person, and where on it an address lies.
import type { NavModelItem } from '@grafana/data';
import { config } from '@grafana/runtime';

/** The app itself; its pages are the children. The server leaves out what this person may not open. */
export function appNav(): NavModelItem {
  const [app] = config.bootData.navTree;
  return app ?? { text: 'Admin Center', url: '/' };
}

/** The page an address belongs to: the one whose path it starts with, the longest first. */
export function activePage(pathname: string): NavModelItem | undefined {
  const under = (url: string | undefined): boolean =>
    url !== undefined && (pathname === url || pathname.startsWith(`${url}/`));
  return (appNav().children ?? [])
    .filter(({ url }) => under(url))
    .toSorted((a, b) => (b.url?.length ?? 0) - (a.url?.length ?? 0))[0];
}
