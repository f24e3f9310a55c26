// An answer within a bounded time, even when the database accepts a question and never replies.
import { type EndpointContract, isRead } from '@admin-center/contracts/capability';
import { unavailable } from '../errors.ts';

const READ_MS = 8_000;
const WRITE_MS = 30_000;
/** Files are put together before they are sent. */
const FILE_MS = 120_000;

export const deadlineOf = (contract: EndpointContract): number =>
  contract.response === 'text/csv' ? FILE_MS : isRead(contract) ? READ_MS : WRITE_MS;

/** The work goes on behind a missed deadline: a write may still be committed, and its retry replays it. */
export async function withDeadline<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable('deadline_exceeded', 'This took too long. It may still complete: repeat it with the same Idempotency-Key.', 5)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
