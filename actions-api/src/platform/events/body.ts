// Reads what was sent, whatever it calls itself: browsers send JSON as text, since that needs no preflight, and beacons
// and zipped bodies come under other names still.
import express, { type Request, type Response } from 'express';
import { AppError } from '../errors.ts';

/** Segment's limits. */
export const LARGEST_REQUEST = 500 * 1_024;
export const LARGEST_EVENT = 32 * 1_024;

const read = express.raw({ limit: LARGEST_REQUEST, type: () => true });

/** At most so many bytes will be read; what is zipped may become large. */
export function announcedBytes(request: Request): number {
  const length = Number(request.get('content-length') ?? Number.NaN);
  return request.get('content-encoding') === undefined && length >= 0 && length < LARGEST_REQUEST ? length : LARGEST_REQUEST;
}

export interface Body {
  readonly bytes: number;
  readonly json: Readonly<Record<string, unknown>>;
}

/** @throws AppError 400; errors of the body parser */
export async function readBody(request: Request, response: Response): Promise<Body> {
  await new Promise<void>((resolve, reject) => {
    read(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  const bytes = request.body as unknown;
  const json = Buffer.isBuffer(bytes) ? parse(bytes) : null;
  if (json === null) {
    throw new AppError('body_malformed', 400, 'The body is not a JSON object.');
  }
  return { bytes: (bytes as Buffer).length, json };
}

function parse(bytes: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Whether an event is larger than may be, as JSON. Writing it again costs more than all else about it, so what is surely small is not. */
export function isTooLarge(value: unknown): boolean {
  if (mostBytes(value, 1) <= LARGEST_EVENT) {
    return false;
  }
  try {
    return Buffer.byteLength(JSON.stringify(value) ?? '') > LARGEST_EVENT;
  } catch {
    // Nested too deeply to be written.
    return true;
  }
}

/** Of a character in JSON: `\u001f`. */
const WIDEST_CHARACTER = 6;
const WIDEST_NUMBER = 25;
const DEEPEST_LOOK = 12;

/** No less than it has as JSON. */
function mostBytes(value: unknown, depth: number): number {
  if (typeof value === 'string') {
    return value.length * WIDEST_CHARACTER + 3;
  }
  if (typeof value !== 'object' || value === null) {
    return WIDEST_NUMBER;
  }
  if (depth > DEEPEST_LOOK) {
    return Number.POSITIVE_INFINITY;
  }
  let bytes = 3;
  if (Array.isArray(value)) {
    for (const element of value) {
      bytes += mostBytes(element, depth + 1);
    }
    return bytes;
  }
  for (const name of Object.keys(value)) {
    bytes += name.length * WIDEST_CHARACTER + 4 + mostBytes((value as Record<string, unknown>)[name], depth + 1);
  }
  return bytes;
}
