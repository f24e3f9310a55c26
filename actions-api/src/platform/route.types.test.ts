// What must not compile. The conditions are types: `tsc` fails where one of them does not hold.
import { expect, test } from '@jest/globals';
import type { EndpointContract } from '@admin-center/contracts/capability';
import type { z } from 'zod';
import type { Audited } from './audited.ts';
import type { Handler } from './route.ts';

type Is<A, B> = [A] extends [B] ? true : false;

interface Write {
  readonly method: 'POST';
  readonly path: '/api/v1/things';
  readonly permission: 'things:write';
  readonly summary: string;
  readonly response: z.ZodType<{ ok: boolean }>;
}
interface AuditedWrite extends Write {
  readonly audit: 'things.make';
}
interface Read {
  readonly method: 'GET';
  readonly path: '/api/v1/things';
  readonly permission: 'things:read';
  readonly summary: string;
  readonly response: z.ZodType<{ ok: boolean }>;
}

test('a write without an audit action is no endpoint, a read with one is none either', () => {
  const unaudited: Is<Write, EndpointContract> = false;
  const audited: Is<AuditedWrite, EndpointContract> = true;
  const auditedRead: Is<Read & { readonly audit: 'things.read' }, EndpointContract> = false;
  const asking: Is<Write & { readonly reads: true }, EndpointContract> = true;
  const auditedAsking: Is<AuditedWrite & { readonly reads: true }, EndpointContract> = false;
  expect([unaudited, audited, auditedRead, asking, auditedAsking]).toEqual([false, true, false, true, false]);
});

test('a write that does not go through audited() is no handler', () => {
  const plain: Is<() => Promise<{ ok: boolean }>, Handler<AuditedWrite>> = false;
  const audited: Is<() => Promise<Audited<AuditedWrite>>, Handler<AuditedWrite>> = true;
  expect([plain, audited]).toEqual([false, true]);
});

test('a read by POST answers like any other', () => {
  const plain: Is<() => Promise<{ ok: boolean }>, Handler<Write & { readonly reads: true }>> = true;
  expect(plain).toBe(true);
});

test('a read answers what its contract says', () => {
  const right: Is<() => Promise<{ ok: boolean }>, Handler<Read>> = true;
  const wrong: Is<() => Promise<{ ok: string }>, Handler<Read>> = false;
  expect([right, wrong]).toEqual([true, false]);
});
