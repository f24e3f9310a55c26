// What a host application mounts: `const center = adminCenter({ url, key }); app.use(center.middleware());`
// It holds the policy in memory, enforces it on each request, evaluates flags locally and reports in batches.
import { flagClient, type Flags } from './flags/client.ts';
import { endSession, endSessionsOf, exchangeCode, type HandOff, type UserChange } from './impersonation/exchange.ts';
import { createMiddleware, type Middleware } from './middleware.ts';
import { type AdminCenterOptions, readOptions } from './options.ts';
import { policySource } from './policy/source.ts';
import { createReporter, type ReportCounts } from './reports/reporter.ts';

/** How the connection to the Admin Center is doing; for a health page of the host. */
export interface AdminCenterStatus {
  /** `fresh`: confirmed lately. `stale`: the last good copy is in force. `none`: there never was one. */
  readonly policy: 'fresh' | 'stale' | 'none';
  /** Seconds since the policy was last confirmed; null when it never was. */
  readonly policyAgeSeconds: number | null;
  readonly reports: ReportCounts;
}

export interface AdminCenter {
  /** Put it behind what finds out who asks, and before the routes. */
  middleware(): Middleware;
  readonly flags: Flags;
  readonly impersonation: {
    /** Exchanges the one-time code of a hand-off for its session. @throws Error with the reason where it is refused */
    exchange(code: string, hostSessionId?: string): Promise<HandOff>;
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

  return {
    middleware: () => createMiddleware(options, source, reporter),
    flags: flagClient(source, reporter),
    impersonation: { exchange: (code, hostSessionId) => exchangeCode(options, source, code, hostSessionId), end: (sessionId) => endSession(options, sessionId), endAllOf: (userId, cause) => endSessionsOf(options, userId, cause) },
    ready: (timeoutMs = 5_000) => source.ready(timeoutMs),
    status() {
      const age = source.ageMs();
      return {
        policy: source.current() === null ? 'none' : age !== null && age <= options.freshForMs ? 'fresh' : 'stale',
        policyAgeSeconds: age === null ? null : age / 1_000,
        reports: reporter.counts(),
      };
    },
    onChange: (listener) => source.onChange(listener),
    async close() {
      source.close();
      await reporter.close();
    },
  };
}
