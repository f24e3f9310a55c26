// Which code sends no events: whatever a request under impersonation, or one with `Sec-GPC: 1`, leads to. Other requests
// are not followed, so they pay nothing for it.
import { AsyncLocalStorage } from 'node:async_hooks';

const silent = new AsyncLocalStorage<true>();

/** Nothing that follows from `work` sends an event by a user's id alone. */
export const inSilence = (work: () => void): void => silent.run(true, work);
export const isSilent = (): boolean => silent.getStore() === true;
