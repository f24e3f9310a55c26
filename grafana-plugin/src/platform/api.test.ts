// The client: what it sends, and how it tells the pages what went wrong.
import { audit } from '@admin-center/contracts/audit';
import { core } from '@admin-center/contracts/core';
import { users } from '@admin-center/contracts/users';
import { createBackend, problem, Refusal, type Backend } from '../../test/backend.ts';
import { MAYA, MAYA_DETAIL, RADIUS } from '../../test/fixtures.ts';
import { ADA } from '../../test/people.ts';
import { call, proxyUrl } from './api.ts';
import { ApiError, isAborted } from './api-error.ts';

let backend: Backend;
beforeEach(() => {
  backend = createBackend();
});

const failureOf = async (promise: Promise<unknown>): Promise<ApiError> => {
  const error: unknown = await promise.then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof ApiError)) {
    throw new Error(`expected an ApiError, got ${String(error)}`);
  }
  return error;
};

describe('what is sent', () => {
  test('addresses go through the proxy, with params filled in and empty query values left out', () => {
    expect(proxyUrl(users.endpoints.get, { userId: 'a/b' })).toBe('/api/plugin-proxy/cloudtolocalllm-admincenter-app/v1/users/a%2Fb');
    expect(proxyUrl(users.endpoints.list, {}, { q: 'maya & co', tier: undefined, cursor: '', limit: 25 })).toBe('/api/plugin-proxy/cloudtolocalllm-admincenter-app/v1/users?q=maya+%26+co&limit=25');
  });

  test('a write carries its body and idempotency key', async () => {
    backend.on(users.endpoints.suspend, () => ({ user: MAYA, sessionsRevoked: 2, auditSequence: 7, message: 'done' }));
    await call(users.endpoints.suspend, { params: { userId: MAYA.id }, body: { reason: 'because of fraud', previewToken: 't' } }, { idempotencyKey: 'key-1' });
    expect(backend.requests[0]).toMatchObject({ method: 'POST', params: { userId: MAYA.id }, body: { reason: 'because of fraud', previewToken: 't' }, headers: { 'Idempotency-Key': 'key-1' } });
  });

  test('a read carries no key', async () => {
    backend.on(core.endpoints.me, () => ADA);
    await call(core.endpoints.me);
    expect(backend.requests[0]?.headers).toEqual({});
  });
});

describe('what comes back', () => {
  test('the parsed response', async () => {
    backend.on(users.endpoints.get, () => MAYA_DETAIL);
    await expect(call(users.endpoints.get, { params: { userId: MAYA.id } })).resolves.toEqual(MAYA_DETAIL);
  });

  test('CSV as text', async () => {
    backend.on(audit.endpoints.export, () => 'sequence,at\n1,now\n');
    await expect(call(audit.endpoints.export, { body: { reason: 'for the auditors' } })).resolves.toBe('sequence,at\n1,now\n');
  });

  test('an answer of another shape is a mismatch, not a crash', async () => {
    backend.on(users.endpoints.suspendPreview, () => ({ ...RADIUS, users: 'many' }) as unknown as typeof RADIUS);
    expect((await failureOf(call(users.endpoints.suspendPreview, { params: { userId: MAYA.id } }))).kind).toBe('mismatch');
  });
});

describe('what goes wrong', () => {
  test.each([
    [400, 'invalid'],
    [403, 'denied'],
    [404, 'missing'],
    [409, 'conflict'],
    [422, 'invalid'],
    [429, 'limited'],
    [500, 'failed'],
    [502, 'unreachable'],
    [504, 'unreachable'],
    [0, 'unreachable'],
  ] as const)('status %i is %s', async (status, kind) => {
    backend.on(core.endpoints.me, () => {
      throw new Refusal(status);
    });
    const error = await failureOf(call(core.endpoints.me));
    expect(error).toMatchObject({ kind, status });
    expect(error.message).toMatch(/^[A-Z].*\.$/);
  });

  test('a problem of the API keeps its words, code, request id and field errors', async () => {
    backend.on(users.endpoints.suspend, () => {
      throw problem(422, 'invalid_body', 'The reason is too short.', { errors: [{ path: 'reason', message: 'Say why.' }] });
    });
    const error = await failureOf(call(users.endpoints.suspend, { params: { userId: MAYA.id }, body: { reason: 'x' } }));
    expect(error).toMatchObject({ kind: 'invalid', message: 'The reason is too short.', code: 'invalid_body', requestId: 'req-7', errors: [{ path: 'reason', message: 'Say why.' }] });
  });

  test("Grafana's own refusal is put in our words", async () => {
    backend.on(users.endpoints.get, () => {
      throw new Refusal(403, { message: 'plugin proxy route access denied' });
    });
    expect((await failureOf(call(users.endpoints.get, { params: { userId: MAYA.id } }))).message).toBe('Your role may not do this.');
  });

  test('a problem that answers a CSV request is read out of its text', async () => {
    backend.on(audit.endpoints.export, () => {
      throw problem(403, 'forbidden', 'Only super admins export.');
    });
    expect(await failureOf(call(audit.endpoints.export, { body: { reason: 'for the auditors' } }))).toMatchObject({ kind: 'denied', message: 'Only super admins export.' });
  });

  test('a broken connection is unreachable', async () => {
    backend.on(core.endpoints.me, () => {
      throw new TypeError('Failed to fetch');
    });
    expect((await failureOf(call(core.endpoints.me))).kind).toBe('unreachable');
  });

  test('a cancelled request stays a cancellation', async () => {
    backend.on(core.endpoints.me, () => {
      throw Object.assign(new Error('aborted'), { name: 'AbortError' });
    });
    const error: unknown = await call(core.endpoints.me).catch((reason: unknown) => reason);
    expect(error).not.toBeInstanceOf(ApiError);
    expect(isAborted(error)).toBe(true);
  });
});
