// Ends a service in order: SIGTERM and SIGINT run the given steps once, then the process exits.
import type { Logger } from './log.ts';

const GRACE_MS = 10_000;

/** @param close stops accepting, drains and releases; called at most once */
export function onShutdown(log: Logger, close: () => Promise<void>): void {
  let closing = false;
  const end = (signal: string): void => {
    if (closing) {
      return;
    }
    closing = true;
    log.info({ signal }, 'shutting down');
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    close().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error({ err }, 'shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
