// Tells the moment something is committed. Missing a notification is harmless: who waits for them also looks by itself.
import type pg from 'pg';
import type { Logger } from '@admin-center/platform/log';

export interface Listener {
  /** Connects when it is not connected; called before each look. @returns whether it had to: what was told before then is missed */
  ensure(): Promise<boolean>;
  close(): void;
}

export function createListener(pool: pg.Pool, channel: string, log: Logger, onNotify: (notification: { readonly payload?: string | undefined }) => void): Listener {
  let client: pg.PoolClient | null = null;
  const drop = (): void => {
    client?.removeAllListeners('notification');
    client?.release(true);
    client = null;
  };
  return {
    async ensure() {
      if (client !== null) {
        return false;
      }
      const connected = await pool.connect();
      connected.on('notification', onNotify);
      connected.once('error', (err) => {
        log.warn({ err, channel }, 'lost a listening connection');
        if (client === connected) {
          drop();
        }
      });
      client = connected;
      try {
        await connected.query(`LISTEN ${connected.escapeIdentifier(channel)}`);
      } catch (error) {
        drop();
        throw error;
      }
      return true;
    },
    close: drop,
  };
}
