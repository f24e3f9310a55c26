// Where Acme's users live: shares, clocks, currencies, languages and address ranges.
//
// The ranges are blocks that providers of these countries are known to hold, so that a country look-up gives a map
// that looks right. The addresses drawn from them are invented and belong to no user of anything.
import { chooser } from './draws.ts';

export type Currency = 'USD' | 'EUR' | 'GBP';
export type Culture = 'english' | 'german' | 'french' | 'spanish' | 'portuguese' | 'italian' | 'polish' | 'nordic' | 'dutch' | 'ukrainian' | 'turkish' | 'indian' | 'japanese' | 'korean' | 'chinese' | 'arabic' | 'vietnamese' | 'yoruba';

export interface Country {
  readonly code: string;
  /** Per thousand sign-ups. */
  readonly share: number;
  /** Hours ahead of UTC in its winter, for the whole country. */
  readonly utcOffset: number;
  readonly currency: Currency;
  readonly locale: string;
  readonly cultures: readonly Culture[];
  /** First two octets of IPv4 blocks. */
  readonly ipv4: readonly string[];
  /** First two groups of IPv6 blocks; none: its users come by IPv4 only. */
  readonly ipv6?: readonly string[];
}

const country = (
  code: string,
  share: number,
  utcOffset: number,
  currency: Currency,
  locale: string,
  cultures: readonly Culture[],
  ipv4: readonly string[],
  ipv6: readonly string[] = [],
): Country => ({ code, share, utcOffset, currency, locale, cultures, ipv4, ipv6 });

export const COUNTRIES: readonly Country[] = [
  country('US', 335, -6, 'USD', 'en-US', ['english', 'english', 'english', 'spanish', 'chinese', 'indian', 'vietnamese'], ['73.15', '73.162', '98.207', '24.5', '71.198', '68.47', '174.62', '107.77', '99.47', '76.103'], ['2601:647', '2600:1700', '2603:8000']),
  country('CA', 45, -5, 'USD', 'en-CA', ['english', 'english', 'french', 'chinese'], ['99.231', '70.24', '174.112', '184.145', '24.114'], ['2607:fea8']),
  country('MX', 22, -6, 'USD', 'es-MX', ['spanish'], ['187.190', '189.203', '201.141', '187.153']),
  country('BR', 62, -3, 'USD', 'pt-BR', ['portuguese'], ['177.32', '179.98', '187.10', '189.4', '191.205', '201.6'], ['2804:14c']),
  country('AR', 14, -3, 'USD', 'es-AR', ['spanish', 'italian'], ['181.47', '190.191', '186.22']),
  country('GB', 82, 0, 'GBP', 'en-GB', ['english', 'english', 'english', 'indian', 'polish'], ['86.143', '81.152', '82.33', '90.203', '2.24', '109.150'], ['2a00:23c5', '2a02:c7f']),
  country('IE', 9, 0, 'EUR', 'en-IE', ['english'], ['86.40', '109.76', '89.100']),
  country('DE', 92, 1, 'EUR', 'de-DE', ['german', 'german', 'german', 'turkish', 'polish'], ['79.203', '84.147', '87.123', '91.49', '93.213', '217.236', '95.90'], ['2003:e1', '2a02:810d']),
  country('AT', 12, 1, 'EUR', 'de-AT', ['german'], ['84.115', '178.115', '91.113'], ['2a02:8388']),
  country('CH', 14, 1, 'EUR', 'de-CH', ['german', 'french', 'italian'], ['85.5', '178.197', '83.76'], ['2a02:1210']),
  country('FR', 52, 1, 'EUR', 'fr-FR', ['french', 'french', 'french', 'arabic'], ['90.3', '86.202', '82.64', '92.184', '109.190', '176.148'], ['2a01:cb00', '2a01:e0a']),
  country('NL', 32, 1, 'EUR', 'nl-NL', ['dutch', 'dutch', 'turkish'], ['84.80', '77.163', '86.83', '145.53'], ['2a02:a440']),
  country('BE', 10, 1, 'EUR', 'nl-BE', ['dutch', 'french'], ['81.164', '91.176', '109.128'], ['2a02:a03f']),
  country('ES', 30, 1, 'EUR', 'es-ES', ['spanish'], ['83.45', '88.11', '79.153', '90.77']),
  country('IT', 24, 1, 'EUR', 'it-IT', ['italian'], ['79.30', '87.3', '93.34', '151.38']),
  country('PT', 8, 0, 'EUR', 'pt-PT', ['portuguese'], ['85.240', '188.80', '89.115']),
  country('PL', 26, 1, 'EUR', 'pl-PL', ['polish'], ['83.8', '79.184', '89.64', '188.146'], ['2a02:a310']),
  country('SE', 16, 1, 'EUR', 'sv-SE', ['nordic'], ['81.225', '78.69', '90.226', '213.66']),
  country('FI', 8, 2, 'EUR', 'fi-FI', ['nordic'], ['88.112', '91.153', '85.76']),
  country('UA', 14, 2, 'USD', 'uk-UA', ['ukrainian'], ['176.36', '93.72', '46.211', '188.163']),
  country('TR', 12, 3, 'USD', 'tr-TR', ['turkish'], ['78.160', '85.96', '88.224', '95.7']),
  country('IL', 8, 2, 'USD', 'en-IL', ['english', 'arabic'], ['84.108', '79.176', '109.64']),
  country('AE', 7, 4, 'USD', 'ar-AE', ['arabic', 'indian', 'english'], ['94.200', '86.96', '5.30']),
  country('EG', 7, 2, 'USD', 'ar-EG', ['arabic'], ['156.192', '41.44', '197.32']),
  country('NG', 12, 1, 'USD', 'en-NG', ['yoruba', 'yoruba', 'english'], ['105.112', '197.210', '102.88']),
  country('ZA', 12, 2, 'USD', 'en-ZA', ['english', 'dutch'], ['41.13', '105.184', '102.65']),
  country('IN', 84, 5.5, 'USD', 'en-IN', ['indian'], ['49.36', '106.51', '122.161', '103.59', '117.193', '157.32'], ['2409:4042', '2405:201']),
  country('VN', 10, 7, 'USD', 'vi-VN', ['vietnamese'], ['14.162', '113.160', '171.224', '27.64']),
  country('SG', 12, 8, 'USD', 'en-SG', ['chinese', 'english', 'indian'], ['116.86', '119.74', '175.156']),
  country('TW', 10, 8, 'USD', 'zh-TW', ['chinese'], ['114.32', '36.224', '1.160']),
  country('JP', 40, 9, 'USD', 'ja-JP', ['japanese'], ['126.51', '133.200', '210.133', '219.111', '60.87'], ['2400:2410', '240b:10']),
  country('KR', 20, 9, 'USD', 'ko-KR', ['korean'], ['121.130', '175.194', '211.202', '1.224']),
  country('AU', 30, 10, 'USD', 'en-AU', ['english', 'english', 'chinese'], ['1.120', '58.96', '101.160', '121.44', '203.51'], ['2001:8003']),
];

export const anyCountry = chooser(COUNTRIES.map((one) => [one, one.share]));
