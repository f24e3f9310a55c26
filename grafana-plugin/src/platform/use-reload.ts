// Reloads an answer when the page refreshes or when an admin action has just been done in this browser.
import { useEffect, useRef } from 'react';
import { adminActions } from './admin-actions.ts';

/** @param tick whatever changes with each refresh of the page; its first value does not count */
export function useReload(reload: () => void, tick?: unknown): void {
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    reload();
  }, [reload, tick]);

  useEffect(() => {
    const subscription = adminActions.subscribe(reload);
    return () => subscription.unsubscribe();
  }, [reload]);
}
