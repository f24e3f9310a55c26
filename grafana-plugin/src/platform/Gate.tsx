// Shows its children to those who may see them, and tells everybody else which role it takes.
import type { ReactNode } from 'react';
import { useMe } from './me.tsx';
import { Denied, Failed, Loading } from './states.tsx';

interface Props {
  /** Contract permission; null lets everybody in. */
  permission: string | null;
  /** What is behind the gate, as the start of a sentence. */
  what: string;
  compact?: boolean;
  /** Puts the notice in a frame where the children bring their own. */
  frame?: (notice: ReactNode) => ReactNode;
  children: ReactNode;
}

export function Gate({ permission, what, compact, frame = (notice) => notice, children }: Props) {
  const { state, can, reload } = useMe();
  if (permission === null || can(permission)) {
    return <>{children}</>;
  }
  if (state.status === 'loading') {
    return <>{frame(<Loading what="your permissions" compact={compact} />)}</>;
  }
  if (state.status === 'failed') {
    return <>{frame(<Failed what="your permissions" error={state.error} onRetry={reload} compact={compact} />)}</>;
  }
  return <>{frame(<Denied permission={permission} what={what} compact={compact} />)}</>;
}
