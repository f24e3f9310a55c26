// What the host shows on every page of an impersonated session, so that nobody forgets whose account it is.
import type { ImpersonationSession } from '@admin-center/contracts/impersonation';

export const bannerOf = ({ admin, user, scope }: Pick<ImpersonationSession, 'admin' | 'user' | 'scope'>): string =>
  `${admin.email} is using the account of ${user.email ?? user.id}${scope === 'read' ? ', to look only' : ''}. Everything is recorded.`;
