// Wakes the relay the moment an entry is committed. Missing a notification is harmless: the relay also looks by itself.
import type pg from 'pg';
import type { Logger } from '@admin-center/platform/log';

export interface Listener {
  /** Connects when it is not connected; called before each look. */
  ensure(): Promise<void>;
  close(): void;
}

export function createListener(pool: pg.Pool, channel: string, log: Logger, onNotify: () => void): Listener {
  let client: pg.PoolClient | null = null;
  const drop = (): void => {
    client?.removeAllListeners('notification');
    client?.release(true);
    client = null;
  };
  return {
    async ensure() {
      if (client !== null) {
        return;
      }
      const connected = await pool.connect();
      connected.on('notification', onNotify);
      connected.once('error', (err) => {
        log.warn({ err }, 'lost the connection that listens for new audit entries');
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
    },
    close: drop,
  };
}
