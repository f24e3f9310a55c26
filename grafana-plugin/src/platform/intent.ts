// Idempotency keys. A key belongs to what a person wants to do, not to one request: a retry after a lost answer sends the
// same key and the API does the thing once; changed input is a new intent.
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A random UUID (version 4). `crypto.randomUUID` is missing where Grafana is served without TLS. */
export function randomKey(random: (bytes: Uint8Array<ArrayBuffer>) => void = (bytes) => void crypto.getRandomValues(bytes)): string {
  const bytes = new Uint8Array(16);
  random(bytes);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const text = hex(bytes);
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}

/** Returns a function that gives the same key as long as it is asked about the same input. */
export function createIntent(newKey: () => string = randomKey): (input: unknown) => string {
  let fingerprint: string | undefined;
  let key = '';
  return (input) => {
    const next = JSON.stringify(input);
    if (next !== fingerprint) {
      fingerprint = next;
      key = newKey();
    }
    return key;
  };
}
