// Where the approval of one previewed write stands (S16): to be asked for, waiting, or granted. Looked up by the token of
// the preview, so that an approval of what has changed since is none.
import { useCallback, useEffect, useState } from 'react';
import { audit } from '@admin-center/contracts/audit';
import type { Approval } from '@admin-center/contracts/audit-approvals';
import { call } from '../api.ts';
import { isAborted, toApiError, type ApiError } from '../api-error.ts';
import { done } from '../done.ts';
import { randomKey } from '../intent.ts';

export type ApprovalState =
  | { readonly status: 'not_needed' }
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly error: ApiError }
  /** Nobody was asked yet; `refused` is an earlier request for the same that was turned down. */
  | { readonly status: 'to_ask'; readonly refused?: Approval }
  | { readonly status: 'waiting' | 'granted'; readonly approval: Approval };

const LOADING: ApprovalState = { status: 'loading' };
const NOT_NEEDED: ApprovalState = { status: 'not_needed' };
/** While somebody waits for another admin, how often is looked whether they have decided. */
const LOOK_MS = 5_000;

/** @param fingerprint token of the preview; undefined where no approval is needed */
export function useApproval(fingerprint: string | undefined): { approval: ApprovalState; reload: () => void } {
  const [generation, setGeneration] = useState(0);
  const [answer, setAnswer] = useState<{ fingerprint: string; approval: ApprovalState }>();
  const reload = useCallback(() => setGeneration((count) => count + 1), []);
  const approval = fingerprint === undefined ? NOT_NEEDED : answer?.fingerprint === fingerprint ? answer.approval : LOADING;

  useEffect(() => {
    if (fingerprint === undefined) {
      return;
    }
    const abort = new AbortController();
    const settle = (state: ApprovalState) => !abort.signal.aborted && setAnswer({ fingerprint, approval: state });
    call(audit.endpoints.approvals, { query: { fingerprint, limit: 20 } }, { signal: abort.signal }).then(
      ({ items }) => settle(stateOf(items)),
      (error: unknown) => !isAborted(error) && settle({ status: 'failed', error: toApiError(error) })
    );
    return () => abort.abort();
  }, [fingerprint, generation]);

  const waits = approval.status === 'waiting';
  useEffect(() => {
    const timer = waits ? setInterval(reload, LOOK_MS) : undefined;
    return () => clearInterval(timer);
  }, [waits, reload]);

  return { approval, reload };
}

/** @param items newest first */
function stateOf(items: readonly Approval[]): ApprovalState {
  const mine = items.filter((item) => item.mine);
  const granted = mine.find(({ state }) => state === 'approved');
  const waiting = mine.find(({ state }) => state === 'waiting');
  if (granted) {
    return { status: 'granted', approval: granted };
  }
  return waiting ? { status: 'waiting', approval: waiting } : { status: 'to_ask', refused: mine[0]?.state === 'rejected' ? mine[0] : undefined };
}

/** The ticket in the API's refusal of a write that needs an approval; undefined for every other error. */
export const ticketOf = ({ code, extensions }: ApiError): string | undefined =>
  code === 'approval_needed' && typeof extensions['ticket'] === 'string' ? extensions['ticket'] : undefined;

const NOTHING = () => undefined;

/** @throws ApiError */
export async function askForApproval(ticket: string, reason: string): Promise<void> {
  done(audit.endpoints.askApproval.audit, await call(audit.endpoints.askApproval, { body: { ticket, reason } }, { idempotencyKey: randomKey() }), NOTHING);
}

/** @throws ApiError */
export async function withdrawApproval({ id }: Approval): Promise<void> {
  done(audit.endpoints.withdraw.audit, await call(audit.endpoints.withdraw, { params: { approvalId: id } }, { idempotencyKey: randomKey() }), NOTHING);
}
