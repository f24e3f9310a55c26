// What every endpoint of a capability must keep, whatever it does: who gets in, what input is refused and how, that a
// write leaves an audit entry with its outbox row, and that a retry does nothing twice.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Capability, type EndpointContract, isRead } from '@admin-center/contracts/capability';
import { startTestApi, type TestApi, type TestApiOptions } from './api.ts';
import type { Client } from './client.ts';

export interface Sample {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** For each endpoint a request that succeeds; called again for each test that needs one. */
export type Samples<C extends Capability> = { readonly [Name in keyof C['endpoints']]: (api: TestApi) => Promise<Sample> };

const SUPER = { email: 'super@acme.example' };
const NOBODY = { email: 'nobody@acme.example' };

export function describeEndpoints<C extends Capability>(capability: C, samples: Samples<C>, options: TestApiOptions = {}): void {
  describe(`every endpoint of ${capability.noun}`, () => {
    let api: TestApi;
    beforeAll(async () => {
      api = await startTestApi(options);
      await api.db.make.admin(SUPER);
    });
    afterAll(() => api.close());

    for (const [name, contract] of Object.entries(capability.endpoints)) {
      describe(`${contract.method} ${contract.path}`, () => {
        const sampled = (samples as Record<string, (api: TestApi) => Promise<Sample>>)[name];
        const sample = async (): Promise<Sample> => (sampled === undefined ? {} : sampled(api));
        const send = async (client: Client, given?: Sample & { readonly key?: string }) => {
          const { params = {}, query, body, key } = given ?? { ...(await sample()) };
          return client.send(contract.method, pathOf(contract, params), { ...(query && { query }), ...(body && { body }), ...(key && { key }) });
        };
        describeAccess(contract, () => api, send);
        describeInput(contract, () => api, sample, send);
        if (isRead(contract)) {
          test('answers', async () => {
            expect(await send(api.as(SUPER))).toMatchObject({ status: 200 });
          });
        } else {
          describeWrite(contract, () => api, sample, send);
        }
      });
    }
  });
}

type Send = (client: Client, given?: Sample & { readonly key?: string }) => Promise<{ status: number; headers: Headers; body: unknown }>;

const pathOf = (contract: EndpointContract, params: Readonly<Record<string, string>>): string =>
  contract.path.replaceAll(/:(\w+)/g, (_, parameter: string) => params[parameter] ?? '');

function describeAccess(contract: EndpointContract, api: () => TestApi, send: Send): void {
  test('is closed without an identity', async () => {
    expect(await send(api().as(null))).toMatchObject({ status: 403, body: { code: 'identity_missing' } });
  });
  if (contract.permission === null) {
    return;
  }
  test('is closed to an identity without the permission, and the audit log knows', async () => {
    const answer = await send(api().as(NOBODY));
    expect(answer).toMatchObject({ status: 403, body: { code: 'no_admin_role' } });
    const { rows } = await api().db.pool.query(
      `SELECT l.action, l.outcome, l.actor_role, l.target_id, d.actor_email, o.id IS NOT NULL AS in_outbox
       FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence) LEFT JOIN admin_center.outbox o ON o.audit_sequence = l.sequence
       WHERE l.request_id = $1`,
      [answer.headers.get('x-request-id')],
    );
    expect(rows).toEqual([
      { action: 'access.denied', outcome: 'denied', actor_role: 'none', target_id: `${contract.method} ${contract.path}`, actor_email: NOBODY.email, in_outbox: true },
    ]);
  });
}

function describeInput(contract: EndpointContract, api: () => TestApi, sample: () => Promise<Sample>, send: Send): void {
  test('refuses a filter there is none of', async () => {
    const given = await sample();
    expect(await send(api().as(SUPER), { ...given, query: { ...given.query, nonsense: '1' } })).toMatchObject({
      status: 400,
      body: { code: 'query_invalid', errors: [{ path: 'query.nonsense', message: 'There is no such field.' }] },
    });
  });
  const [parameter] = Object.keys(contract.params?.shape ?? {});
  if (parameter !== undefined) {
    test(`refuses a ${parameter} that cannot be one`, async () => {
      const given = await sample();
      expect(await send(api().as(SUPER), { ...given, params: { ...given.params, [parameter]: 'Not-An-Id' } })).toMatchObject({
        status: 400,
        body: { code: 'params_invalid', errors: [{ path: `params.${parameter}`, message: expect.any(String) }] },
      });
    });
  }
  if (contract.method !== 'GET') {
    test('refuses a field there is none of', async () => {
      const given = await sample();
      expect(await send(api().as(SUPER), { ...given, body: { ...given.body, nonsense: 1 } })).toMatchObject({
        status: 422,
        body: { code: 'body_invalid', errors: [{ path: 'body.nonsense', message: 'There is no such field.' }] },
      });
    });
  }
}

function describeWrite(contract: EndpointContract, api: () => TestApi, sample: () => Promise<Sample>, send: Send): void {
  const entries = async (requestIds: readonly (string | null)[]) =>
    (
      await api().db.pool.query(
        `SELECT l.action, l.outcome, l.actor_role, d.actor_email, host(d.ip) AS ip, d.user_agent, o.id IS NOT NULL AS in_outbox
         FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence) LEFT JOIN admin_center.outbox o ON o.audit_sequence = l.sequence
         WHERE l.request_id = ANY ($1)`,
        [requestIds],
      )
    ).rows as unknown[];

  test('is in the audit log and the outbox, and a retry is answered without doing it again', async () => {
    const given = { ...(await sample()), key: randomUUID() };
    const first = await send(api().as(SUPER), given);
    const retry = await send(api().as(SUPER), given);
    expect(first).toMatchObject({ status: 200 });
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    if (contract.response === 'text/csv' || contract.answeredOnce === true) {
      expect(retry).toMatchObject({ status: 409, body: { code: 'idempotency_not_replayable' } });
    } else {
      expect(retry).toMatchObject({ status: 200, body: first.body });
      expect(retry.headers.get('idempotency-replayed')).toBe('true');
    }
    expect(await entries([first.headers.get('x-request-id'), retry.headers.get('x-request-id')])).toEqual([
      { action: contract.audit, outcome: 'success', actor_role: 'super_admin', actor_email: SUPER.email, ip: '203.0.113.7', user_agent: 'Acme-Test/1.0', in_outbox: true },
    ]);
  });

  if (contract.params === undefined && contract.body === undefined) {
    return;
  }
  test('refuses the same key with another request', async () => {
    const key = randomUUID();
    const given = await sample();
    await send(api().as(SUPER), { ...given, key });
    const other: Sample = contract.params === undefined ? { ...given, body: { ...given.body, reason: 'Another reason than before.' } } : await sample();
    expect(await send(api().as(SUPER), { ...other, key })).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });
}
