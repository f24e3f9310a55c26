// The key pair that signs ID tokens: kept in DATA_DIR readable by its owner only, a new one each month, last month's still published.
import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { z } from 'zod';
import type { Clock } from '@admin-center/platform/clock';

const storedKeys = z.array(
  z.object({
    month: z.string().regex(/^\d{4}-\d{2}$/),
    privateJwk: z.looseObject({ kty: z.literal('EC'), d: z.string(), x: z.string(), y: z.string() }),
  }),
);
type StoredKey = z.output<typeof storedKeys>[number];

export interface SigningKey {
  readonly kid: string;
  readonly key: CryptoKey;
}

export interface SigningKeys {
  current(): Promise<SigningKey>;
  /** The public halves (RFC 7517): this month's key and, for tokens still on their way, last month's. */
  published(): Promise<{ keys: JWK[] }>;
}

const monthOf = (date: Date): string => date.toISOString().slice(0, 7);
const monthBefore = (date: Date): string =>
  monthOf(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1)));
/** Grafana's form of the key id: one per UTC month and algorithm. */
const kidOf = (month: string): string => `id-${month}-es256`;

export function createSigningKeys(dataDir: string, clock: Clock): SigningKeys {
  const file = path.join(dataDir, 'signing-keys.json');
  let keys: Promise<StoredKey[]> | undefined;

  async function load(): Promise<StoredKey[]> {
    const now = clock();
    const known = (await keys?.catch(() => undefined)) ?? (await read(file));
    if (known.some(({ month }) => month === monthOf(now))) {
      return known;
    }
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const fresh = {
      month: monthOf(now),
      privateJwk: storedKeys.element.shape.privateJwk.parse(await exportJWK(privateKey)),
    };
    const kept = [...known.filter(({ month }) => month === monthBefore(now)), fresh];
    await write(file, kept);
    return kept;
  }

  // Calls line up behind one another, so that two requests at the turn of a month make one key.
  const ready = (): Promise<StoredKey[]> => (keys = load());

  return {
    async current() {
      const stored = (await ready()).find(({ month }) => month === monthOf(clock()));
      if (stored === undefined) {
        throw new Error(`${file} has no key for this month.`);
      }
      const key = await importJWK({ ...stored.privateJwk, crv: 'P-256' }, 'ES256');
      if (key instanceof Uint8Array) {
        throw new Error(`${file} holds a symmetric key.`);
      }
      return { kid: kidOf(stored.month), key };
    },
    async published() {
      const stored = await ready();
      return {
        keys: stored.map(({ month, privateJwk: { x, y } }) => ({
          kty: 'EC',
          crv: 'P-256',
          x,
          y,
          use: 'sig',
          alg: 'ES256',
          kid: kidOf(month),
        })),
      };
    },
  };
}

async function read(file: string): Promise<StoredKey[]> {
  const found = await stat(file).catch(() => null);
  if (found === null) {
    return [];
  }
  if ((found.mode & 0o077) !== 0) {
    await chmod(file, 0o600);
  }
  const parsed = storedKeys.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success) {
    throw new Error(
      `${file} is not a list of signing keys. Move it away to have a new one made; tokens already given out become invalid.`,
    );
  }
  return parsed.data;
}

/** Written beside and renamed, so that a crash leaves either the old file or the new one. */
async function write(file: string, keys: readonly StoredKey[]): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}.tmp`;
  await writeFile(beside, JSON.stringify(keys), { mode: 0o600 });
  await rename(beside, file);
}
