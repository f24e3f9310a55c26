// One event on its way into the stream, as it is handed to the database.
import type { EventType, IngestResult } from '@admin-center/contracts/engagement-events';
import type { ClientContext } from './client-context.ts';

/** Of the sources in the stream those that come in by HTTP; the mirror writes `host`. */
export type EventSource = 'sdk' | 'segment';

export interface EventRow {
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What sent it. */
  readonly source: EventSource;
  /** As the sender names the user; the database resolves it. */
  readonly userId: string | null;
  /** Whose event it is unless `userId` is a user of the host. */
  readonly person: string;
  /** The visitor whom an event with a user of the host reveals. */
  readonly visitor: string | null;
  readonly type: EventType;
  readonly name: string;
  readonly feature: string | null;
  readonly qualifies: boolean;
  readonly client: ClientContext;
  /** JSON. */
  readonly properties: string | null;
}

/** What the database says of a row. */
export type StoredResult = Extract<IngestResult, 'accepted' | 'duplicate' | 'admin' | 'erased'>;
