// The people who run Acme: users of the host with roles, and the accounts that may sign in to the Admin Center.
import { DAY, iso, startOf } from './calendar.ts';
import type { Company } from './company.ts';
import { DEMO_MARK, planOf } from './mark.ts';
import { personFrom, type Person } from './people.ts';
import { derive, keyOfSeed, purpose, settled, uuidOf, type Key } from './random.ts';
import type { InsertOf, UserRow } from './tables.ts';

export type AdminRole = 'super_admin' | 'support_admin' | 'finance_admin';

export interface DemoAdmin {
  readonly login: 'ada' | 'sam' | 'fin' | 'vic';
  readonly name: string;
  readonly email: string;
  /** The role in the Grafana organisation. */
  readonly orgRole: 'Admin' | 'Editor' | 'Viewer';
  /** The role in the host's `admin_roles`; null: may sign in and may do nothing. */
  readonly role: AdminRole | null;
}

export const DEMO_ADMINS: readonly DemoAdmin[] = [
  { login: 'ada', name: 'Ada Okafor', email: 'ada.okafor@acme.example', orgRole: 'Admin', role: 'super_admin' },
  { login: 'sam', name: 'Sam Rivera', email: 'sam.rivera@acme.example', orgRole: 'Editor', role: 'support_admin' },
  { login: 'fin', name: 'Fin Larsen', email: 'fin.larsen@acme.example', orgRole: 'Editor', role: 'finance_admin' },
  { login: 'vic', name: 'Vic Chen', email: 'vic.chen@acme.example', orgRole: 'Viewer', role: null },
];

/** Was an admin once: the grant is revoked, the row remains. Signs in to the host only. */
const FORMER_ADMIN = { login: 'rae', name: 'Rae Novák', email: 'rae.novak@acme.example', role: 'support_admin' } as const;

/** The JSON text of ADMINS_FILE: who may sign in to the standalone shell. */
export const adminsFile = (): string => `${JSON.stringify(DEMO_ADMINS.map(({ login, name, email, orgRole }) => ({ login, name, email, orgRole })), null, 2)}\n`;

const adminKey = (login: string): Key => settled(derive(keyOfSeed(0), purpose(`admin ${login}`)));

/** The `users.id` of Acme's own people: the same whatever the seed. */
export const ADMIN_IDS = { ada: uuidOf(adminKey('ada')), sam: uuidOf(adminKey('sam')), fin: uuidOf(adminKey('fin')), vic: uuidOf(adminKey('vic')), rae: uuidOf(adminKey('rae')) } as const;

const ids: ReadonlySet<string> = new Set(Object.values(ADMIN_IDS));
export const isAdmin = (userId: string): boolean => ids.has(userId);

const subjectOf = (login: string): string => `auth0|demo-${login}`;
const joinedAt = (company: Company): number => startOf(company.foundedOn);

export const adminPeople = (company: Company): { readonly person: Person; readonly subject: string }[] =>
  [...DEMO_ADMINS, FORMER_ADMIN].map(({ login }) => ({ person: personFrom(ADMIN_IDS[login], joinedAt(company)), subject: subjectOf(login) }));

/** Acme's own people as rows; the first carries the company's plan, by which a database knows what it was loaded with. */
export function adminUsers(company: Company): UserRow[] {
  return [...DEMO_ADMINS, FORMER_ADMIN].map(({ login, name, email }) => ({
    id: ADMIN_IDS[login],
    email,
    jwt_id: subjectOf(login),
    name,
    nickname: login,
    email_verified: true,
    locale: 'en-US',
    created_at: iso(joinedAt(company)),
    updated_at: iso(joinedAt(company)),
    metadata: JSON.stringify(login === 'ada' ? planOf(company) : DEMO_MARK),
    is_suspended: false,
    suspended_at: null,
    suspension_reason: null,
    deleted_at: null,
  }));
}

export function adminRoles(company: Company): InsertOf<'admin_roles'>[] {
  const founded = joinedAt(company);
  const grant = (login: keyof typeof ADMIN_IDS, role: AdminRole, revokedAt: number | null): InsertOf<'admin_roles'> => ({
    id: uuidOf(derive(adminKey(login), purpose('grant'))),
    user_id: ADMIN_IDS[login],
    role,
    granted_by: login === 'ada' ? null : ADMIN_IDS.ada,
    granted_at: iso(founded + DAY),
    revoked_at: revokedAt === null ? null : iso(revokedAt),
    is_active: revokedAt === null,
    created_at: iso(founded + DAY),
    updated_at: iso(revokedAt ?? founded + DAY),
  });
  const held = DEMO_ADMINS.flatMap(({ login, role }) => (role === null ? [] : [grant(login, role, null)]));
  return [...held, grant(FORMER_ADMIN.login, FORMER_ADMIN.role, company.loadedAt - 40 * DAY)];
}
