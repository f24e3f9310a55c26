// Country and region of an address, from the databases in front of us. A file that is replaced is read again.
import { createRequire } from 'node:module';
import { stat } from 'node:fs/promises';
import type { Logger } from '@admin-center/platform/log';
import type { GeoipResult } from '@admin-center/contracts/distribution-places';
import { open, type Reader, type Response } from 'maxmind';
import { addressOf, isPublicAddress } from './client-address.ts';
import { readGeoRecord } from './geo-record.ts';

const LOOK_AGAIN_MS = 60_000;

export interface Place {
  /** ISO 3166-1 alpha-2, `hosting` or `unknown`. */
  readonly country: string;
  readonly region: string | null;
  readonly result: GeoipResult;
}

export interface GeoDatabase {
  readonly type: string;
  readonly builtAt: Date;
}

export interface Geo {
  lookUp(ip: string | null): Place;
  /** Of each file, in order; null for one that could not be read. */
  databases(): readonly (GeoDatabase | null)[];
  /** Reads the files again that changed. */
  refresh(): Promise<void>;
  close(): void;
}

/** Countries only. It comes with the product, as old as the release of it. */
export const bundledDatabase = (): string => createRequire(import.meta.url).resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb');

const nowhere = (result: GeoipResult): Place => ({ country: result === 'hosting' ? 'hosting' : 'unknown', region: null, result });

/** @param files asked in this order: the first that knows the country says it, any may say that it is a data centre */
export async function openGeo(files: readonly string[], log: Logger): Promise<Geo> {
  const paths = files.length === 0 ? [bundledDatabase()] : files;
  const watched = paths.map((path) => watchFile(path, log));
  // The events of a request, and those of the next one over the same connection, come from one address.
  let last: { readonly ip: string; readonly place: Place } | null = null;
  const refresh = async (): Promise<void> => {
    await Promise.all(watched.map((file) => file.refresh()));
    last = null;
  };
  await refresh();
  const timer = setInterval(() => void refresh(), LOOK_AGAIN_MS).unref();
  return {
    refresh,
    close: () => clearInterval(timer),
    databases: () => watched.map(({ reader }) => reader()).map((reader) => reader && { type: reader.metadata.databaseType, builtAt: reader.metadata.buildEpoch }),
    lookUp(ip) {
      if (ip === null) {
        return nowhere('none');
      }
      last = last?.ip === ip ? last : { ip, place: find(watched.map(({ reader }) => reader()), ip) };
      return last.place;
    },
  };
}

function find(readers: readonly (Reader<Response> | null)[], ip: string): Place {
  if (!isPublicAddress(ip)) {
    return nowhere('private');
  }
  const address = addressOf(ip)?.toString() ?? ip;
  const records = readers.map((reader) => readGeoRecord(recordOf(reader, address)));
  if (records.some(({ hosting }) => hosting)) {
    return nowhere('hosting');
  }
  const known = records.find(({ country }) => country !== null);
  return known?.country ? { country: known.country, region: known.region, result: 'hit' } : nowhere('unknown');
}

/** A database of IPv4 addresses answers something for IPv6, and not what was asked. */
const recordOf = (reader: Reader<Response> | null, ip: string): unknown => (reader === null || (reader.metadata.ipVersion === 4 && ip.includes(':')) ? null : reader.get(ip));

/** One file. While a new one cannot be read, the last one that could stays in use. */
function watchFile(path: string, log: Logger): { reader(): Reader<Response> | null; refresh(): Promise<void> } {
  let current: Reader<Response> | null = null;
  let seen: string | null = null;
  return {
    reader: () => current,
    async refresh() {
      try {
        const { mtimeMs, size, ino } = await stat(path);
        const state = `${mtimeMs} ${size} ${ino}`;
        if (state !== seen) {
          seen = state;
          current = await open<Response>(path);
          log.info({ path, builtAt: current.metadata.buildEpoch }, 'a database of addresses was read');
        }
      } catch (err) {
        log.error({ err, path }, 'a database of addresses cannot be read');
      }
    },
  };
}
