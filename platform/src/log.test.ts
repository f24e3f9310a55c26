// What a line of the log never holds.
import { expect, test } from '@jest/globals';
import { createLogger } from './log.ts';

test('an error of PostgreSQL is logged without what it quotes of rows, also as the cause of another', () => {
  const lines: string[] = [];
  const log = createLogger('test', 'info', { write: (line) => void lines.push(line) });
  const broken = Object.assign(new Error('new row for relation "impersonation_session" violates check constraint'), {
    code: '23514', constraint: 'impersonation_session_check', table: 'impersonation_session', detail: 'Failing row contains (maya@customer.example, asked by phone).', where: "SQL statement of maya@customer.example",
  });
  log.error({ err: broken }, 'a write failed');
  log.error({ err: new Error('it did not work', { cause: broken }) }, 'a write failed');
  log.error({ err: null }, 'nothing');
  expect(lines).toHaveLength(3);
  expect(JSON.parse(lines[0] as string)).toMatchObject({ err: { code: '23514', constraint: 'impersonation_session_check', table: 'impersonation_session', stack: expect.any(String) } });
  expect(lines.join('')).not.toMatch(/maya/);
});
