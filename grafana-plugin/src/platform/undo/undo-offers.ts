// Offers to take back what was just done. Whoever completes a write that has an inverse announces it here; the bar at the
// bottom of the page shows the newest offer (see UndoBar.tsx).
import { BehaviorSubject } from 'rxjs';
import { adminActions } from '../admin-actions.ts';
import { toastSuccess } from '../toast.ts';

/** What a completed write says about itself. */
export interface Done {
  readonly message: string;
  readonly auditSequence: number;
}

/** The inverse of a write, as its dialog declares it. */
export interface Undo {
  /** Audit action of the inverse. */
  readonly audit: string;
  /** What the bar's button does, for screen readers: "Reactivate maya@example.com". */
  readonly label: string;
  readonly execute: (confirmation: { readonly reason: string }, idempotencyKey: string) => Promise<Done>;
}

export interface UndoOffer extends Undo {
  readonly message: string;
  readonly reason: string;
  readonly onUndone: () => void;
}

export const undoOffers = new BehaviorSubject<UndoOffer | undefined>(undefined);

/** Tells that an audited write is done: lists reload, and a bar with "Undo" appears, or a toast where there is no inverse. */
export function announce(audit: string, { message, auditSequence }: Done, undo: Undo | undefined, onUndone: () => void): void {
  adminActions.next({ action: audit, auditSequence });
  if (undo === undefined || !undoOffers.observed) {
    toastSuccess(message);
    return;
  }
  undoOffers.next({ ...undo, message, onUndone, reason: `Undo of audit entry ${auditSequence}, right after it.` });
}
