// What a record of a database of addresses says, whoever made the database.
import { COUNTRIES } from '@admin-center/contracts/distribution-places';

const KNOWN = new Set(COUNTRIES);

/**
 * Networks whose addresses are machines and exits of VPNs rather than people: the large clouds and hosters, as the registries
 * name them. Home and mobile networks of the same companies have other numbers.
 */
const HOSTING_ASNS = new Set([
  16509, 14618, // Amazon
  396982, // Google Cloud
  8075, // Microsoft
  31898, // Oracle
  14061, // DigitalOcean
  16276, // OVH
  24940, 213230, // Hetzner
  20473, // Vultr
  63949, // Akamai Linode
  13335, // Cloudflare
  45102, // Alibaba Cloud
  132203, // Tencent Cloud
  36351, // IBM Cloud
  51167, // Contabo
  12876, // Scaleway
  9009, // M247
  212238, 60068, // Datacamp
]);

const HOSTING_TRAITS = ['is_hosting_provider', 'is_hosting', 'is_anonymous', 'is_anonymous_vpn', 'is_anonymous_proxy', 'is_public_proxy', 'is_tor_exit_node'];

export interface GeoRecord {
  readonly country: string | null;
  /** ISO 3166-2. */
  readonly region: string | null;
  readonly hosting: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** MaxMind and DB-IP nest (`country.iso_code`), IPinfo and ip-location-db do not (`country_code`). */
export function readGeoRecord(record: unknown): GeoRecord {
  const fields = fieldsOf(record);
  const country = knownCountry(fieldsOf(fields['country'])['iso_code'] ?? fields['country_code'] ?? fields['country']);
  const [subdivision] = Array.isArray(fields['subdivisions']) ? fields['subdivisions'] : [];
  return { country, region: country === null ? null : regionOf(country, fieldsOf(subdivision)['iso_code']), hosting: isHosting(fields) };
}

/** @returns the code in capitals; null for what is no country, such as XX, ZZ or EU */
export function knownCountry(code: unknown): string | null {
  const upper = typeof code === 'string' ? code.toUpperCase() : '';
  return KNOWN.has(upper) ? upper : null;
}

const regionOf = (country: string, code: unknown): string | null => (typeof code === 'string' && /^[A-Za-z0-9]{1,3}$/.test(code) ? `${country}-${code.toUpperCase()}` : null);

function isHosting(fields: Fields): boolean {
  const traits = { ...fields, ...fieldsOf(fields['traits']) };
  const asn = Number(String(traits['autonomous_system_number'] ?? traits['asn'] ?? '').replace(/^AS/i, ''));
  return HOSTING_ASNS.has(asn) || HOSTING_TRAITS.some((trait) => traits[trait] === true);
}
