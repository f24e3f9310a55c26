// What is kept of an event's properties: everything but the personal data we can recognise, by its name or by its look.

/** Compared without case, `_`, `-`, `.` and spaces. */
const PERSONAL = new Set([
  'email', 'emailaddress', 'mail', 'useremail', 'customeremail', 'phone', 'phonenumber', 'mobile', 'mobilenumber', 'telephone', 'tel', 'fax',
  'ip', 'ipaddress', 'ipv4', 'ipv6', 'clientip', 'userip', 'remoteaddress', 'xforwardedfor',
  'firstname', 'lastname', 'fullname', 'surname', 'givenname', 'familyname', 'middlename', 'maidenname', 'username', 'nickname', 'displayname',
  'address', 'street', 'streetaddress', 'postaladdress', 'zip', 'zipcode', 'postcode', 'postalcode', 'latitude', 'longitude',
  'birthday', 'birthdate', 'dateofbirth', 'dob', 'age', 'gender', 'ssn', 'socialsecuritynumber', 'taxid', 'passport', 'passportnumber', 'iban', 'creditcard', 'cardnumber', 'cvc', 'cvv',
  'password', 'passwd', 'secret', 'token', 'accesstoken', 'refreshtoken', 'idtoken', 'apikey', 'authorization', 'cookie', 'sessiontoken',
  'traits', 'useragent',
]);
/** Addresses of pages: what follows the `?` or `#` may hold anything. */
const ADDRESSES = new Set(['url', 'href', 'referrer', 'referer', 'initialreferrer', 'initialreferringurl', 'pageurl']);
/** The query itself. */
const QUERIES = new Set(['search', 'query', 'querystring', 'hash']);

const EMAIL = /[^\s@<>()]@[^\s@<>()]+\.[^\s@<>()]/;
const DEEPEST = 8;

type Json = Readonly<Record<string, unknown>>;

/** @throws Error with a sentence, when the database could not hold them */
export function keptProperties(properties: Json): string | null {
  const kept = keepObject(properties, 1);
  return Object.keys(kept).length === 0 ? null : JSON.stringify(kept);
}

export const looksPersonal = (text: string): boolean => text.includes('@') && EMAIL.test(text);

/** What the kinds of names come to is asked again and again for the same few names. */
const kinds = new Map<string, 'kept' | 'personal' | 'address'>();
const MOST_KINDS = 5_000;

function kindOf(name: string): 'kept' | 'personal' | 'address' {
  const known = kinds.get(name);
  if (known !== undefined) {
    return known;
  }
  const plain = name.toLowerCase().replace(/[\s_.$-]/g, '');
  const kind = name === '__proto__' || PERSONAL.has(plain) || QUERIES.has(plain) || looksPersonal(name) ? 'personal' : ADDRESSES.has(plain) ? 'address' : 'kept';
  if (kinds.size < MOST_KINDS && name.length <= 100) {
    kinds.set(name, kind);
  }
  return kind;
}

function keepObject(object: Json, depth: number): Record<string, unknown> {
  if (depth > DEEPEST) {
    throw new Error(`properties: More than ${DEEPEST} levels deep.`);
  }
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(object)) {
    const kind = kindOf(name);
    if (kind === 'personal') {
      continue;
    }
    checkText(name);
    const value = object[name];
    const inner = kind === 'address' && typeof value === 'string' ? (value.split(/[?#]/, 1)[0] ?? '') : value;
    const result = keep(inner, depth);
    if (result !== undefined) {
      kept[name] = result;
    }
  }
  return kept;
}

/** Undefined: not kept. */
function keep(value: unknown, depth: number): unknown {
  if (typeof value === 'string') {
    checkText(value);
    return looksPersonal(value) ? undefined : value;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return keepArray(value, depth + 1);
  }
  return keepObject(value as Json, depth + 1);
}

function keepArray(values: readonly unknown[], depth: number): unknown[] {
  if (depth > DEEPEST) {
    throw new Error(`properties: More than ${DEEPEST} levels deep.`);
  }
  return values.map((value) => keep(value, depth)).filter((value) => value !== undefined);
}

/** PostgreSQL takes neither in JSON. */
function checkText(text: string): void {
  if (text.includes('\u0000') || !text.isWellFormed()) {
    throw new Error('properties: A text holds a null character or half a character.');
  }
}
