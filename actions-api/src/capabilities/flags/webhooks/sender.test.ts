// Who is believed to be Alertmanager or Grafana.
import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { AppError } from '../../../platform/errors.ts';
import { checkAlertmanager, checkGrafana } from './sender.ts';

const secret = 'a-secret-for-webhooks';
const refused = (check: () => void): string | null => {
  try {
    check();
    return null;
  } catch (error) {
    expect((error as AppError).status).toBe(401);
    return (error as AppError).code;
  }
};
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test.each([
  [`Bearer ${secret}`, true], [`bearer ${secret}`, true], [basic(`alertmanager:${secret}`), true], [basic(`:${secret}`), true],
  [undefined, false], ['', false], [secret, false], [`Bearer ${secret}x`, false], [`Bearer ${secret.slice(1)}`, false], ['Bearer ', false],
  [basic(`${secret}:`), false], [basic(secret), false], [`Digest ${secret}`, false],
])('Alertmanager with %s', (authorization, believed) => {
  expect(refused(() => checkAlertmanager(authorization, secret))).toBe(believed ? null : 'webhook_secret_invalid');
});

describe('Grafana', () => {
  const now = new Date('2026-03-01T12:00:00Z');
  const seconds = (offset: number): string => String(now.getTime() / 1_000 + offset);
  const body = Buffer.from('{"alerts":[],"title":"Ümläute"}');
  const sign = (content: string | Buffer, key = secret): string => createHmac('sha256', key).update(content).digest('hex');
  const withTime = (timestamp: string): string => sign(`${timestamp}:${body.toString()}`);

  // Computed by openssl dgst -sha256 -hmac, not by the code that is tested.
  test.each([
    ['the body', { signature: '5194e668d1e069467794593240639d1e719eefc3f3c48fb1869cf68e51b51774', timestamp: null }],
    ['timestamp:body', { signature: '215dc9fd747afa27b1274910b50f6e5b095d914bd700cba5877a05b26bcfa233', timestamp: '1772366400' }],
  ])('takes bare hex over %s', (_, signature) => {
    expect(refused(() => checkGrafana(signature, body, secret, now))).toBeNull();
  });

  test.each([-300, 0, 300])('takes `timestamp:body` signed %d s from now', (offset) => {
    expect(refused(() => checkGrafana({ signature: withTime(seconds(offset)), timestamp: seconds(offset) }, body, secret, now))).toBeNull();
  });

  test.each<[string, Parameters<typeof checkGrafana>[0], string]>([
    ['no signature', { signature: undefined, timestamp: null }, 'webhook_signature_invalid'],
    ['a prefix', { signature: `sha256=${sign(body)}`, timestamp: null }, 'webhook_signature_invalid'],
    ['upper case', { signature: sign(body).toUpperCase(), timestamp: null }, 'webhook_signature_invalid'],
    ['another secret', { signature: sign(body, 'another'), timestamp: null }, 'webhook_signature_invalid'],
    ['another body', { signature: sign('{}'), timestamp: null }, 'webhook_signature_invalid'],
    ['the body alone where a time is due', { signature: sign(body), timestamp: seconds(0) }, 'webhook_signature_invalid'],
    ['no time where one is due', { signature: sign(body), timestamp: undefined }, 'webhook_signature_invalid'],
    ['no time, signed as such', { signature: withTime(''), timestamp: undefined }, 'webhook_timestamp_invalid'],
    ['another time than was signed', { signature: withTime(seconds(-3_600)), timestamp: seconds(0) }, 'webhook_signature_invalid'],
    ['a time too long ago', { signature: withTime(seconds(-301)), timestamp: seconds(-301) }, 'webhook_timestamp_invalid'],
    ['a time too far ahead', { signature: withTime(seconds(301)), timestamp: seconds(301) }, 'webhook_timestamp_invalid'],
    ['a time that is none', { signature: withTime('soon'), timestamp: 'soon' }, 'webhook_timestamp_invalid'],
  ])('refuses %s', (_, signature, code) => {
    expect(refused(() => checkGrafana(signature, body, secret, now))).toBe(code);
  });
});
