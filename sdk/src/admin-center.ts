// What a host application mounts: `const center = adminCenter({ url, key }); app.use(center.middleware());`
// It holds the policy in memory, enforces it on each request, evaluates flags locally, and sends reports and events in batches.
import type { DeliveryCounts } from './delivery.ts';
import { createEvents, type Properties, type Who } from './events/events.ts';
import { flagClient, type Flags } from './flags/client.ts';
import { accountAccess, type AccountAccess } from './impersonation/account.ts';
import { endSession, endSessionsOf, exchangeCode, type HandOff, type UserChange } from './impersonation/exchange.ts';
import { createMiddleware, type Middleware } from './middleware.ts';
import { type AdminCenterOptions, readOptions } from './options.ts';
import { policySource } from './policy/source.ts';
import { createReporter } from './reports/reporter.ts';

/** How the connection to the Admin Center is doing; for a health page of the host. */
export interface AdminCenterStatus {
  /** `fresh`: confirmed lately. `stale`: the last good copy is in force. `none`: there never was one. */
  readonly policy: 'fresh' | 'stale' | 'none';
  /** Seconds since the policy was last confirmed; null when it never was. */
  readonly policyAgeSeconds: number | null;
  readonly reports: DeliveryCounts;
  readonly events: DeliveryCounts;
}

export interface AdminCenter {
  /** Put it behind what finds out who asks, and before the routes. */
  middleware(): Middleware;
  readonly flags: Flags;
  /** Somebody did something. Never throws; nothing is sent under impersonation, nor for a request with `Sec-GPC: 1`. */
  track(who: Who, event: string, properties?: Properties): void;
  /** Says who somebody is: `anonymousId` ties what they did before they signed in to them. */
  identify(who: Who, traits?: Properties, anonymousId?: string): void;
  /** Somebody saw a variation of an experiment that is not a flag of ours; flags do it by themselves. */
  exposure(who: Who, experiment: string, variation: string): void;
  readonly impersonation: AccountAccess & {
    /**
     * Exchanges the one-time code of a hand-off for its session. With the `ip` of the browser, whoever tries wrong codes is
     * held back by that address. @throws Error with the reason where it is refused
     */
    exchange(code: string, hostSessionId?: string, ip?: string): Promise<HandOff>;
    /** Ends a session early, as when its admin signs out. @throws Error when the Admin Center cannot be told */
    end(sessionId: string): Promise<void>;
    /** Call it when a user's password was reset or they signed out everywhere. @throws Error when the Admin Center cannot be told */
    endAllOf(userId: string, cause: UserChange): Promise<void>;
  };
  /** Resolves with true as soon as there is a policy, with false when there is none within the time; it never rejects. */
  ready(timeoutMs?: number): Promise<boolean>;
  status(): AdminCenterStatus;
  /** Called after the policy has become another. @returns what ends it */
  onChange(listener: () => void): () => void;
  /** Sends what is still to be reported and ends all connections. */
  close(): Promise<void>;
}

export function adminCenter(given: AdminCenterOptions): AdminCenter {
  const options = readOptions(given);
  const source = policySource(options);
  const reporter = createReporter(options);
  const events = createEvents(options);

  return {
    middleware: () => createMiddleware(options, source, reporter, events),
    flags: flagClient(source, reporter, events),
    track: (who, event, properties) => events.track(who, event, properties),
    identify: (who, traits, anonymousId) => events.identify(who, traits, anonymousId),
    exposure: (who, experiment, variation) => events.exposure(who, experiment, variation),
    impersonation: {
      ...accountAccess(options),
      exchange: (code, hostSessionId, ip) => exchangeCode(options, source, code, hostSessionId, ip),
      end: (sessionId) => endSession(options, sessionId),
      endAllOf: (userId, cause) => endSessionsOf(options, userId, cause),
    },
    ready: (timeoutMs = 5_000) => source.ready(timeoutMs),
    status() {
      const age = source.ageMs();
      return {
        policy: source.current() === null ? 'none' : age !== null && age <= options.freshForMs ? 'fresh' : 'stale',
        policyAgeSeconds: age === null ? null : age / 1_000,
        reports: reporter.counts(),
        events: events.counts(),
      };
    },
    onChange: (listener) => source.onChange(listener),
    async close() {
      source.close();
      await Promise.all([reporter.close(), events.close()]);
    },
  };
}
