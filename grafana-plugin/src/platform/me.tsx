// Who is signed in and what the host application lets them do. Asked once per load of the app; pages hide behind it, the
// API enforces it.
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { capabilities } from '@admin-center/contracts/capabilities';
import type { Role } from '@admin-center/contracts/capability';
import { core, type Me } from '@admin-center/contracts/core';
import { call } from './api.ts';
import { toApiError, type ApiError } from './api-error.ts';

export type MeState = { status: 'loading' } | { status: 'failed'; error: ApiError } | { status: 'ready'; me: Me };

export interface MeContext {
  readonly state: MeState;
  /** False while unknown: nothing is offered before the answer is there. */
  readonly can: (permission: string) => boolean;
  readonly reload: () => void;
}

let pending: Promise<Me> | undefined;

/** The same answer for everybody who asks; a failure is not kept. */
export function loadMe(): Promise<Me> {
  pending ??= call(core.endpoints.me).catch((error: unknown) => {
    pending = undefined;
    throw error;
  });
  return pending;
}

export function forgetMe(): void {
  pending = undefined;
}

/** Roles that hold a permission, from contracts/. */
export const rolesWith = (permission: string): readonly Role[] => capabilities.flatMap((capability) => capability.permissions[permission]?.roles ?? []);

const ROLE_NAMES: Readonly<Record<Role, string>> = { super_admin: 'super admin', support_admin: 'support admin', finance_admin: 'finance admin' };
export const roleName = (role: Role): string => ROLE_NAMES[role];

/** "support admin or super admin" */
export const roleNames = (roles: readonly Role[]): string => new Intl.ListFormat('en', { type: 'disjunction' }).format(roles.map(roleName));

const Context = createContext<MeContext>({ state: { status: 'loading' }, can: () => false, reload: () => undefined });

const LOADING: MeState = { status: 'loading' };

export function MeProvider({ children }: { children: ReactNode }) {
  const [generation, setGeneration] = useState(0);
  const [answer, setAnswer] = useState<{ generation: number; state: MeState }>();

  useEffect(() => {
    let current = true;
    const settle = (state: MeState) => current && setAnswer({ generation, state });
    loadMe().then(
      (me) => settle({ status: 'ready', me }),
      (error: unknown) => settle({ status: 'failed', error: toApiError(error) })
    );
    return () => {
      current = false;
    };
  }, [generation]);

  const reload = useCallback(() => {
    forgetMe();
    setGeneration((count) => count + 1);
  }, []);

  const state = answer?.generation === generation ? answer.state : LOADING;
  const value = useMemo<MeContext>(
    () => ({ state, can: (permission) => state.status === 'ready' && state.me.permissions.includes(permission), reload }),
    [state, reload]
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export const useMe = (): MeContext => useContext(Context);
