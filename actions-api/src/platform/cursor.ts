// Cursors of lists: where the page before ended, opaque to clients. They say which list and order they belong to, and
// everything in them is checked before it reaches SQL; somebody who makes one up only reads from another place.
import { z } from 'zod';
import { AppError } from './errors.ts';

export interface CursorCodec<T> {
  encode(position: T): string;
  /** @throws AppError 400 for a cursor of another list, another order, or none of ours */
  decode(cursor: string): T;
}

/** @param list names the list and its order, such as `users:createdAt:desc` */
export function cursorOf<S extends z.ZodType>(list: string, position: S): CursorCodec<z.output<S>> {
  const schema = z.tuple([z.literal(list), position]);
  return {
    encode: (value) => Buffer.from(JSON.stringify([list, value])).toString('base64url'),
    decode(cursor) {
      const parsed = schema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
      if (!parsed.success) {
        throw new AppError('cursor_invalid', 400, 'This cursor belongs to another list or order. Start again from the first page.', {
          errors: [{ path: 'query.cursor', message: 'Not a cursor of this list and order.' }],
        });
      }
      return parsed.data[1] as z.output<S>;
    },
  };
}

/** A `timestamptz` as PostgreSQL writes it in UTC: JavaScript's milliseconds would skip rows within one. */
export const instantText = z.string().regex(/^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Cuts a list that was read with one row more than asked for into a page; the contract leaves out what it does not name. */
export function pageOf<Row>(rows: readonly Row[], limit: number, cursor: (last: Row) => string): { items: Row[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursor(last) : null };
}
