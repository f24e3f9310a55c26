// The document that hosts are given, kept as text for as long as no part of it changes.
import { createHash } from 'node:crypto';
import type { PolicyDocument } from '@cloudtolocalllm/admin-center-sdk/policy';
import type { LivePart } from './live-part.ts';
import type { Policy } from './policy.ts';

export interface ServedPolicy {
  /** @throws AppError 503 while a part could not be read even once */
  current(): { readonly etag: string; readonly body: string };
  /** Resolves when the document is another than `etag`, when the policy ends, or when the signal says so. */
  change(etag: string, signal: AbortSignal): Promise<void>;
}

/** Everything but the project keys and what qualifies, which are our own affair. */
export function servedPolicy({ flags, impersonation, sessions }: Policy): ServedPolicy {
  const parts: { readonly [Name in keyof PolicyDocument]: LivePart<PolicyDocument[Name]> } = { flags, impersonation, sessions };
  let known = { versions: '', etag: '', body: '' };

  const current: ServedPolicy['current'] = () => {
    const content = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.current()]));
    const versions = Object.values(parts).map((part) => part.version()).join(' ');
    if (versions !== known.versions) {
      const etag = `"${createHash('sha256').update(versions).digest('hex').slice(0, 32)}"`;
      known = { versions, etag, body: JSON.stringify(content) };
    }
    return known;
  };
  return {
    current,
    change: (etag, signal) =>
      new Promise((resolve) => {
        if (signal.aborted || current().etag !== etag) {
          resolve();
          return;
        }
        const stops = Object.values(parts).map((part) => part.onChange(() => end()));
        const end = (): void => {
          stops.forEach((stop) => stop());
          signal.removeEventListener('abort', end);
          resolve();
        };
        signal.addEventListener('abort', end, { once: true });
      }),
  };
}
