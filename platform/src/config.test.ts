// What a configuration shows of itself.
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { maskConfig, readConfig, secret } from './config.ts';

const schema = z.object({
  TOKEN: secret(z.string()),
  OPTIONAL_TOKEN: secret(z.string()).optional(),
  DEFAULT_TOKEN: secret(z.string()).default('default-secret'),
  URL: z.string(),
  PORT: z.coerce.number(),
});

test('no secret is shown, however its schema is wrapped, nor a password in a URL', () => {
  const config = readConfig(schema, { TOKEN: 'my-secret', OPTIONAL_TOKEN: 'my-secret', URL: 'postgresql://ada:my-secret@db/acme', PORT: '5' });
  expect(maskConfig(schema, config)).toEqual({ TOKEN: '***', OPTIONAL_TOKEN: '***', DEFAULT_TOKEN: '***', URL: 'postgresql://ada:***@db/acme', PORT: 5 });
});
