// Codes of the contract in words.
import type { ACTION_CLASSES, END_CAUSES, REASON_CLASSES, SCOPES } from '@admin-center/contracts/impersonation';
import { words } from '../../platform/format.ts';

type Code<T extends readonly string[]> = T[number];
const CAPITALS: Readonly<Record<string, string>> = { mfa: 'MFA', api: 'API', 'e-mail': 'e-mail' };

const sentence = (code: string): string => {
  const text = words(code)
    .split(' ')
    .map((word) => CAPITALS[word] ?? word)
    .join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export const reasonClassName = (code: Code<typeof REASON_CLASSES>): string => sentence(code);
export const actionClassName = (code: Code<typeof ACTION_CLASSES>): string => (code === 'change' ? 'Any other change' : code === 'email' ? 'E-mail address' : sentence(code));
export const scopeName = (code: Code<typeof SCOPES>): string => (code === 'read' ? 'look only' : 'look and change');

const CAUSES: Readonly<Record<Code<typeof END_CAUSES>, string>> = {
  ended_by_admin: 'ended here',
  ended_at_host: 'ended in the product',
  time_over: 'its time was over',
  code_unused: 'the code was not used in time',
  superseded: 'another session of the same admin began',
  admin_role_revoked: 'the admin lost the role',
  admin_signed_out: 'the admin signed out everywhere',
  admin_impersonated: 'the admin was to be impersonated',
  user_signed_out: 'the user signed out everywhere',
  user_suspended: 'the user was suspended',
  user_deleted: 'the user was deleted',
  user_became_admin: 'the user became an admin',
  password_reset: 'the password was reset',
  consent_over: 'the user no longer agreed',
};
export const causeName = (code: Code<typeof END_CAUSES>): string => CAUSES[code];
