// Arrays as PostgreSQL sends them over the wire in binary: neither side has to write or read texts and quotes. The values
// of a statement are thousands, and as texts they were half of what both sides spent on reading them.
// https://www.postgresql.org/docs/current/protocol-message-formats.html, src/backend/utils/adt/arrayfuncs.c (array_recv)

const OIDS = { boolean: 16, integer: 23, text: 25, timestamptz: 1_184, uuid: 2_950, jsonb: 3_802 } as const;
const HEADER = 20;
const EPOCH_2000 = Date.UTC(2_000, 0, 1);
/** A character is at most three bytes of UTF-8 for each unit of UTF-16. */
const WIDEST = 3;

/** @param of null for an element that is NULL */
export const texts = <T>(rows: readonly T[], of: (row: T) => string | null): Buffer => strings('text', 0, rows, of);
/** @param of JSON */
export const jsons = <T>(rows: readonly T[], of: (row: T) => string | null): Buffer => strings('jsonb', 1, rows, of);

export function uuids<T>(rows: readonly T[], of: (row: T) => string | null): Buffer {
  const buffer = begin('uuid', rows.length, rows.length * 20);
  let end = HEADER;
  for (let index = 0; index < rows.length; index += 1) {
    const value = of(rows[index] as T);
    end = buffer.writeInt32BE(value === null ? -1 : 16, end);
    end = value === null ? end : writeUuid(buffer, value, end);
  }
  return buffer.subarray(0, end);
}

/** @param of milliseconds since 1970, whole ones */
export function instants<T>(rows: readonly T[], of: (row: T) => number): Buffer {
  const buffer = begin('timestamptz', rows.length, rows.length * 12);
  let end = HEADER;
  for (const row of rows) {
    const microseconds = (of(row) - EPOCH_2000) * 1_000;
    end = buffer.writeInt32BE(8, end);
    end = buffer.writeInt32BE(Math.floor(microseconds / 2 ** 32), end);
    end = buffer.writeUInt32BE(microseconds % 2 ** 32 + (microseconds < 0 && microseconds % 2 ** 32 !== 0 ? 2 ** 32 : 0), end);
  }
  return buffer;
}

export function booleans<T>(rows: readonly T[], of: (row: T) => boolean): Buffer {
  const buffer = begin('boolean', rows.length, rows.length * 5);
  let end = HEADER;
  for (const row of rows) {
    end = buffer.writeInt32BE(1, end);
    end = buffer.writeUInt8(of(row) ? 1 : 0, end);
  }
  return buffer;
}

export function integers<T>(rows: readonly T[], of: (row: T) => number): Buffer {
  const buffer = begin('integer', rows.length, rows.length * 8);
  let end = HEADER;
  for (const row of rows) {
    end = buffer.writeInt32BE(4, end);
    end = buffer.writeInt32BE(of(row), end);
  }
  return buffer;
}

/** @param version the byte that stands before the text; 0 for none */
function strings<T>(type: 'text' | 'jsonb', version: number, rows: readonly T[], of: (row: T) => string | null): Buffer {
  const values = rows.map(of);
  const buffer = begin(type, values.length, values.reduce((sum, value) => sum + 5 + (value === null ? 0 : value.length * WIDEST), 0));
  let end = HEADER;
  for (const value of values) {
    if (value === null) {
      end = buffer.writeInt32BE(-1, end);
      continue;
    }
    const start = version === 0 ? end + 4 : buffer.writeUInt8(version, end + 4);
    const stop = write(buffer, value, start);
    buffer.writeInt32BE(stop - end - 4, end);
    end = stop;
  }
  return buffer.subarray(0, end);
}

/** Most texts are short names, for which a call out of the engine costs more than the characters. @returns where it ends */
function write(buffer: Buffer, value: string, start: number): number {
  if (value.length <= 24) {
    let end = start;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 127) {
        return start + buffer.write(value, start, 'utf8');
      }
      buffer[end++] = code;
    }
    return end;
  }
  return start + buffer.write(value, start, 'utf8');
}

/** One dimension that begins at 1 and may hold NULL. An array of no elements has no dimension. */
function begin(type: keyof typeof OIDS, length: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER + bytes);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(OIDS[type], 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}

const NIBBLES = new Uint8Array(128);
[...'0123456789abcdef'].forEach((digit, value) => {
  NIBBLES[digit.charCodeAt(0)] = value;
  NIBBLES[digit.toUpperCase().charCodeAt(0)] = value;
});
const HYPHEN = 45;

function writeUuid(buffer: Buffer, uuid: string, start: number): number {
  let end = start;
  for (let index = 0; index < 36; index += 2) {
    if (uuid.charCodeAt(index) === HYPHEN) {
      index -= 1;
      continue;
    }
    buffer[end++] = ((NIBBLES[uuid.charCodeAt(index)] as number) << 4) | (NIBBLES[uuid.charCodeAt(index + 1)] as number);
  }
  return end;
}
