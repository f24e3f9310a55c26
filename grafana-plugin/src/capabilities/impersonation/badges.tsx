// Session states and scopes as badges.
import type { ImpersonationSession } from '@admin-center/contracts/impersonation';
import { Badge, type BadgeColor } from '@grafana/ui';
import { scopeName } from './names.ts';

const COLORS: Readonly<Record<ImpersonationSession['state'], BadgeColor>> = { requested: 'blue', active: 'orange', ended: 'darkgrey', expired: 'darkgrey', refused: 'red', revoked: 'red' };

export const SessionBadge = ({ state, tooltip }: Pick<ImpersonationSession, 'state'> & { tooltip?: string }) => <Badge text={state} color={COLORS[state]} tooltip={tooltip} />;
export const ScopeBadge = ({ scope }: Pick<ImpersonationSession, 'scope'>) => <Badge text={scopeName(scope)} color={scope === 'write' ? 'orange' : 'darkgrey'} icon={scope === 'write' ? 'pen' : 'eye'} />;
