// Idempotency keys: stable for a retry, new for new input.
import { createIntent, randomKey } from './intent.ts';

test('a retry of the same input keeps its key; changed input gets a new one', () => {
  let count = 0;
  const intent = createIntent(() => `key-${++count}`);
  const first = intent({ reason: 'fraud', previewToken: 'a' });
  expect(intent({ reason: 'fraud', previewToken: 'a' })).toBe(first);
  expect(intent({ reason: 'fraud', previewToken: 'b' })).not.toBe(first);
});

test('two dialogs never share a key', () => {
  expect(createIntent()('same')).not.toBe(createIntent()('same'));
});

test('a key is a version 4 UUID whatever the random bytes are', () => {
  const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(randomKey((bytes) => bytes.fill(0))).toMatch(pattern);
  expect(randomKey((bytes) => bytes.fill(255))).toMatch(pattern);
});
