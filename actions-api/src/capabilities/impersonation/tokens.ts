// Signs what a host gets for a code: a token in the form of RFC 8693, whose subject is the user and whose actor the admin.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';

const ALGORITHM = 'ES256';
const ISSUER = 'urn:admin-center';

export interface SessionClaims {
  readonly sessionId: string;
  readonly userId: string;
  readonly adminId: string;
  readonly scope: string;
  /** Project of the host that asked; the token is for nobody else. */
  readonly audience: string;
  readonly startedAt: Date;
  /** The hard end: there is no renewal, and the session's own end is looked up at each request. */
  readonly expiresAt: Date;
}

export interface TokenSigner {
  sign(claims: SessionClaims): Promise<string>;
  /** What verifies the tokens; public. */
  publicKeys(): Promise<JSONWebKeySet>;
}

interface Key {
  readonly id: string;
  readonly private: Awaited<ReturnType<typeof importJWK>>;
  readonly public: JWK;
}

/** @param file where the key is kept; replicas share it, and the first one that needs it makes it */
export function createTokenSigner(file: string): TokenSigner {
  let loading: Promise<Key> | null = null;
  const key = (): Promise<Key> => {
    loading ??= loadKey(file).catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
  return {
    async sign({ sessionId, userId, adminId, scope, audience, startedAt, expiresAt }) {
      const { id, private: privateKey } = await key();
      return new SignJWT({ act: { sub: adminId }, sid: sessionId, scope })
        .setProtectedHeader({ alg: ALGORITHM, kid: id, typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(audience)
        .setSubject(userId)
        .setIssuedAt(startedAt)
        .setExpirationTime(expiresAt)
        .sign(privateKey);
    },
    publicKeys: async () => ({ keys: [(await key()).public] }),
  };
}

async function loadKey(file: string): Promise<Key> {
  const stored = await readFile(file, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') {
      throw error;
    }
    return makeKey(file);
  });
  const jwk = JSON.parse(stored) as JWK;
  const { d: _private, ...publicPart } = jwk;
  const id = await calculateJwkThumbprint(publicPart);
  return { id, private: await importJWK(jwk, ALGORITHM), public: { ...publicPart, kid: id, alg: ALGORITHM, use: 'sig' } };
}

/** Of two processes that make one at the same time, the first wins. */
async function makeKey(file: string): Promise<string> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const text = JSON.stringify(await exportJWK(privateKey));
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return readFile(file, 'utf8');
    }
    throw error;
  }
}
