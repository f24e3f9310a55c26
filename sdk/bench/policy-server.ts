// Answers the question for the policy as the API does, with a policy of a known size.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeKey } from '@admin-center/platform/project-key';
import type { PolicyFlag } from '../src/flags/types.ts';
import { NONCE_HEADER, type PolicyDocument, SIGNATURE_HEADER, signedText } from '../src/policy/document.ts';

export const FLAGS = 50;
const REFUSED_USERS = 5_000;
const WAIT_MS = 20_000;

/** Rules as people make them: a list, a segment, a tier, and a rollout for everybody else. */
const flag = (index: number): PolicyFlag => ({
  type: 'boolean', state: 'on', public: false, salt: `salt-${index}`,
  variants: { on: true, off: false }, offVariant: 'off', defaultVariant: 'off',
  schedule: { from: null, until: null }, prerequisites: [],
  users: [{ id: 'testers', variant: 'on', users: Array.from({ length: 50 }, (_, user) => `tester-${user}`) }],
  segments: [{ id: 'berlin', conditions: [{ attribute: 'country', operator: 'in', values: ['DE'] }, { attribute: 'appVersion', operator: 'version_at_least', values: ['7.18.0'] }], serve: { percentage: 50, split: [{ variant: 'on', weight: 1 }] } }],
  tiers: [{ id: 'enterprise', tier: 'enterprise', serve: { percentage: 100, split: [{ variant: 'on', weight: 1 }] } }],
  experiment: null,
  rollout: { percentage: 20, split: [{ variant: 'on', weight: 1 }, { variant: 'off', weight: 1 }] },
});

export const policy: PolicyDocument = {
  flags: { flags: Object.fromEntries(Array.from({ length: FLAGS }, (_, index) => [`flag-${index}`, flag(index)])) },
  impersonation: { refused: [{ actionClass: 'password', methods: ['*'], path: '/**/*password*/**' }], writes: [], sessions: [] },
  sessions: { refusedUsers: Array.from({ length: REFUSED_USERS }, (_, user) => `refused-${user}`), endedSessions: [] },
};

export async function startPolicyServer(): Promise<{ readonly url: string; readonly key: string; close(): void }> {
  const { secret } = makeKey('test');
  const body = JSON.stringify(policy);
  const etag = '"bench"';
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      request.resume().on('end', () => response.end('{}'));
      return;
    }
    const known = request.headers['if-none-match'] === etag;
    const text = known ? '' : body;
    const answer = (): void => {
      const signature = createHmac('sha256', secret).update(signedText(String(request.headers[NONCE_HEADER] ?? ''), etag, text)).digest('hex');
      response.writeHead(known ? 304 : 200, { etag, [SIGNATURE_HEADER]: signature }).end(text);
    };
    if (known) {
      setTimeout(answer, WAIT_MS).unref();
    } else {
      answer();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: secret,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
