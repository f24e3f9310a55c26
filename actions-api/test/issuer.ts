// A Grafana as far as identity goes: a JWKS server on a real port, and ID tokens with Grafana's claims.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export interface Person {
  readonly email: string;
  readonly name?: string | null;
}

export interface TokenOptions {
  readonly claims?: JWTPayload;
  readonly header?: Record<string, unknown>;
  /** Seconds from now. */
  readonly expiresIn?: number;
}

export interface Issuer {
  readonly rootUrl: string;
  readonly keysUrl: string;
  /** How often the keys were fetched. */
  readonly fetches: () => number;
  token(person: Person, options?: TokenOptions): Promise<string>;
  /** A new key; by default under a new id, as each month. */
  rotate(kid?: string): Promise<void>;
  /** Answers this, with 200, instead of its keys; null: its keys. */
  says(body: string | null): void;
  /** Takes the JWKS server down and up again on the same port. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

export const ROOT_URL = 'http://grafana.acme.example:3000/';

export async function startIssuer(): Promise<Issuer> {
  let kid = 'id-2026-11-es256';
  let keys = await generateKeyPair('ES256', { extractable: true });
  let fetches = 0;
  let said: string | null = null;
  const jwks = async (): Promise<{ keys: JWK[] }> => ({ keys: [{ ...(await exportJWK(keys.publicKey)), kid, alg: 'ES256', use: 'sig' }] });
  const server = http.createServer((_request, response) => {
    fetches += 1;
    if (said !== null) {
      response.end(said);
      return;
    }
    void jwks().then((body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)));
  });
  const up = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const down = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await up(0);
  const { port } = server.address() as AddressInfo;

  return {
    rootUrl: ROOT_URL,
    keysUrl: `http://127.0.0.1:${port}/api/signing-keys/keys`,
    fetches: () => fetches,
    token: ({ email, name }, { claims = {}, header = {}, expiresIn = 600 } = {}) => {
      const now = Math.floor(Date.now() / 1_000);
      return new SignJWT({
        iss: ROOT_URL, aud: ['org:1'], sub: `user:${email}`, identifier: `uid-${email}`, type: 'user', namespace: 'default', authenticatedBy: 'password',
        email, email_verified: true, username: email, name, role: 'Editor', iat: now - 60, exp: now + expiresIn, ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'jwt', kid, ...header })
        .sign(keys.privateKey);
    },
    rotate: async (newKid = `${kid}-next`) => {
      keys = await generateKeyPair('ES256', { extractable: true });
      kid = newKid;
    },
    says: (body) => {
      said = body;
    },
    goAway: down,
    comeBack: () => up(port),
    close: () => (server.listening ? down() : Promise.resolve()),
  };
}
