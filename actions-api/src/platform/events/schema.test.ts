// The quick answer that a message holds against the schema's: it may be no where the schema says yes, never the other way.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isMessage, message } from './schema.ts';

const odd = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 90, maxLength: 300 }), fc.double(), fc.integer(), fc.constant(null), fc.constant(undefined), fc.boolean(), fc.constant([]), fc.object());
const good = fc.oneof(fc.string({ maxLength: 30 }), odd);

test('says yes only where the schema does, and changes nothing then', () => {
  fc.assert(fc.property(
    fc.record({ type: fc.oneof(fc.constantFrom('track', 'page', 'alias', 'x'), odd), messageId: good, userId: good, anonymousId: good, previousId: good, event: good, name: good, timestamp: good, originalTimestamp: good, sentAt: good, properties: odd, context: odd }, { requiredKeys: [] }),
    (given) => {
      if (isMessage(given)) {
        expect(message.parse(given)).toEqual(given);
      }
    },
  ), { numRuns: 2_000 });
});

describe('of what SDKs send', () => {
  test.each([
    [{ type: 'track', event: 'Chat Sent', messageId: 'm-1', userId: 'u', anonymousId: null, properties: { a: 1 }, context: {}, timestamp: '2026-11-28T20:00:00Z', other: 1 }],
    [{ type: 'page', name: 'Home', userId: 7 }],
  ])('%j holds', (given) => {
    expect(isMessage(given)).toBe(true);
  });
});
