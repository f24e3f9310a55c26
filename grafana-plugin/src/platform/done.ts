// What follows an audited write: the bell that lets lists and graphs look again, and a bar that offers to undo it, or a
// toast where there is no inverse.
import { adminActions } from './admin-actions.ts';
import { toastSuccess } from './toast.ts';
import { undoOffers, type Undo } from './undo/undo-offers.ts';

export interface Done {
  readonly message: string;
  readonly auditSequence?: number;
}

/** @param undo the write that takes this one back; left out where there is none */
export function done<Result extends Done>(audit: string, result: Result, then: (result: Result) => void, undo?: Undo): void {
  const { message, auditSequence } = result;
  adminActions.next({ action: audit, auditSequence: auditSequence ?? null });
  if (undo !== undefined && undoOffers.observed) {
    undoOffers.next({ ...undo, message, reason: `Undo${auditSequence === undefined ? '' : ` of audit entry ${auditSequence}`}, right after it.`, onUndone: () => then(result) });
  } else {
    toastSuccess(message);
  }
  then(result);
}
