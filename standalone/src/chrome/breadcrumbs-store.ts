// Which page is shown: the plugin's page says so, the header's breadcrumbs and the window title follow.
import { useSyncExternalStore } from 'react';
import type { NavModelItem } from '@grafana/data';

export interface Crumb {
  readonly text: string;
  readonly url: string | undefined;
}

let crumbs: readonly Crumb[] = [];
const listeners = new Set<() => void>();

export function showBreadcrumbs(page: NavModelItem): void {
  const next: Crumb[] = [];
  for (let item: NavModelItem | undefined = page; item !== undefined; item = item.parentItem) {
    if (item.hideFromBreadcrumbs !== true) {
      next.unshift({ text: item.text, url: item.url });
    }
  }
  crumbs = next;
  for (const listener of listeners) {
    listener();
  }
}

export const useBreadcrumbs = (): readonly Crumb[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => crumbs,
  );
