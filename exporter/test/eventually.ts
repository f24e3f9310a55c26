// Waits for something that happens by itself.
import { setTimeout as delay } from 'node:timers/promises';

/** Polls until there is an answer, at most `withinMs`. */
export async function eventually<T>(ask: () => T | null | Promise<T | null>, withinMs = 10_000): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) {
      return answer;
    }
    if (Date.now() > until) {
      throw new Error(`still no answer after ${withinMs} ms from ${ask.toString()}`);
    }
    await delay(20);
  }
}
