// What a host may set, and what holds when it does not.
import { type Identify, identifyByConvention } from './identity.ts';

export interface AdminCenterOptions {
  /** Of the Admin Center's API, such as `https://admin.example.com`. */
  readonly url: string;
  /** A server key, `acp_…`. */
  readonly key: string;
  /** Who sent a request. Left out, it is read from `req.user`: `id` or `sub`, `sessionId` or `sid`, and `act`. */
  readonly identify?: Identify;
  /** How long `identify` may take; then the request ends in an error with the status 503. Default 10 seconds. */
  readonly identifyLimitMs?: number;
  /** Where the last good policy is kept, so that a start without the API has one. Left out: in memory only. */
  readonly cacheFile?: string;
  /** An impersonated request is refused when the policy was not confirmed for this long. Default 60 seconds. */
  readonly impersonationLimitMs?: number;
  /** How often reports are sent. Default 5 seconds. */
  readonly reportEveryMs?: number;
  /** Routes that are uses of a feature, by method and template: `{ 'POST /api/tunnels/:id/start': 'tunnel' }`. */
  readonly features?: Readonly<Record<string, string>>;
  /** False: no events of users are sent. Default true. */
  readonly events?: boolean;
  /** Told what goes wrong in the background. Default: nobody. */
  readonly onError?: (error: Error) => void;
}

export interface Settings {
  /** Without a slash at the end. */
  readonly url: string;
  readonly key: string;
  readonly identify: Identify;
  readonly identifyLimitMs: number;
  readonly cacheFile: string | null;
  readonly freshForMs: number;
  readonly reportEveryMs: number;
  readonly features: ReadonlyMap<string, string>;
  readonly events: boolean;
  readonly onError: (error: Error) => void;
}

/** @throws TypeError for what cannot work, so that a mistake shows at the start and not under load */
export function readOptions(options: AdminCenterOptions): Settings {
  const { url, key } = options;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new TypeError('adminCenter: `url` must be the http or https address of the Admin Center API.');
  }
  if (!/^acp_[a-z]+_[a-z0-9]{12}_[A-Za-z0-9]{40}$/.test(key)) {
    throw new TypeError('adminCenter: `key` must be a project key that begins with acp_.');
  }
  const features = Object.entries(options.features ?? {});
  for (const [route, feature] of features) {
    if (!/^[A-Z]+ \//.test(route) || typeof feature !== 'string' || feature === '' || feature.length > 60) {
      throw new TypeError(`adminCenter: \`features\` maps a route such as 'POST /api/tunnels/:id/start' to the key of a feature; "${route}" does not.`);
    }
  }
  const onError = options.onError ?? (() => undefined);
  return {
    url: url.replace(/\/+$/, ''),
    key,
    identify: options.identify ?? identifyByConvention,
    identifyLimitMs: options.identifyLimitMs ?? 10_000,
    cacheFile: options.cacheFile ?? null,
    freshForMs: options.impersonationLimitMs ?? 60_000,
    reportEveryMs: options.reportEveryMs ?? 5_000,
    features: new Map(features),
    events: options.events ?? true,
    onError: (error) => {
      try {
        onError(error);
      } catch {
        // A broken logger must not end what runs in the background.
      }
    },
  };
}
