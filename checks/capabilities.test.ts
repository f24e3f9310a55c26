// A capability is whole: it is listed, its permissions exist, its actions are audited under known names, its files are there.
import { describe, expect, test } from '@jest/globals';
import { AUDIT_ACTIONS } from '@admin-center/contracts/audit';
import { capabilities } from '@admin-center/contracts/capabilities';
import { COLLECTORS } from '@admin-center/contracts/core';
import { files } from './files.ts';

/** Recorded by the route itself when a permission is missing, not by an endpoint. */
const BEYOND_ENDPOINTS = ['access.denied', 'promotions.redeem', 'promotions.referrals_advance'];
const SHARED_CONTRACTS = ['capability', 'capabilities', 'fields'];
const endpoints = capabilities.flatMap((capability) => Object.values(capability.endpoints).map((endpoint) => ({ ...endpoint, noun: capability.noun, permissions: Object.keys(capability.permissions) })));

test('every contract file is in the list of capabilities', () => {
  const names = files('contracts/src/*.ts')
    .map((file) => /([^/]+)\.ts$/.exec(file)?.[1] ?? '')
    .filter((name) => !name.endsWith('.test') && !SHARED_CONTRACTS.includes(name));
  // A second file of a capability carries its noun: `flags-definition`.
  const nouns = names.filter((name) => !names.some((other) => name.startsWith(`${other}-`)));
  expect(capabilities.map(({ noun }) => noun).toSorted()).toEqual(nouns.toSorted());
});

test('the audit actions are those of the endpoints and of the product itself', () => {
  const used = [...endpoints.flatMap(({ audit }) => audit ?? []), ...capabilities.flatMap(({ systemActions }) => systemActions ?? [])];
  expect([...AUDIT_ACTIONS].toSorted()).toEqual([...new Set([...used, ...BEYOND_ENDPOINTS])].toSorted());
});

test('the collectors are the capabilities with metrics of the exporter', () => {
  const nouns = capabilities.filter(({ metrics }) => metrics.some(({ source }) => source === 'exporter')).map(({ noun }) => noun);
  expect([...COLLECTORS].toSorted()).toEqual(nouns.toSorted());
});

describe.each(capabilities.map((capability) => [capability.noun, capability] as const))('%s', (noun, capability) => {
  test('names its endpoints, permissions and audit actions after itself', () => {
    for (const endpoint of Object.values(capability.endpoints)) {
      expect(endpoint.path === '/api/v1/me' || endpoint.path.startsWith(`/api/v1/${noun}`)).toBe(true);
      expect(endpoint.permission === null || Object.hasOwn(capability.permissions, endpoint.permission)).toBe(true);
      expect(endpoint.audit === undefined || endpoint.audit.startsWith(`${noun}.`)).toBe(true);
      // Grafana's proxy knows a question from a write by its path alone.
      const asks = endpoint.reads === true && endpoint.permission?.endsWith(':read') === true;
      expect([endpoint.path, endpoint.path.startsWith(`/api/v1/${noun}/query/`)]).toEqual([endpoint.path, asks]);
    }
    expect(Object.keys(capability.permissions).filter((name) => !new RegExp(`^${noun}:(read|write|ask|approve|configure|erase)$`).test(name))).toEqual([]);
  });

  test('has its files', () => {
    const expected = [
      `docs/capabilities/${noun}.md`,
      ...(capability.metrics.some(({ source }) => source === 'exporter') ? [`exporter/src/collectors/${noun}.ts`, `exporter/src/collectors/${noun}.test.ts`] : []),
      ...(Object.keys(capability.endpoints).length > 0 ? [`actions-api/src/capabilities/${noun}/routes.ts`] : []),
      ...(noun === 'core' ? [] : [`grafana-plugin/src/capabilities/${noun}/panels.ts`]),
      `provisioning/prometheus/rules/${noun}.yml`,
    ];
    expect(expected.filter((file) => files(file).length === 0)).toEqual([]);
  });
});
