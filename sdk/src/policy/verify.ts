// Whether an answer really is the Admin Center's answer to our question.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { signedText } from './document.ts';

export interface Signed {
  readonly nonce: string;
  readonly etag: string;
  /** Empty for a 304. */
  readonly body: string;
  /** HMAC-SHA256 in hex. */
  readonly signature: string;
}

export function isGenuine({ nonce, etag, body, signature }: Signed, key: string): boolean {
  const expected = createHmac('sha256', key).update(signedText(nonce, etag, body)).digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
