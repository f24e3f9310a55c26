// Offers to take back what was just done: whoever completes a write that has an inverse hands it to `done`, and the bar at
// the bottom of the page shows the newest one.
import { BehaviorSubject } from 'rxjs';
import type { Done } from '../done.ts';

/** The inverse of a write, as its dialog declares it. */
export interface Undo {
  /** Audit action of the inverse. */
  readonly audit: string;
  /** What the bar's button does, for screen readers: "Reactivate maya@example.com". */
  readonly label: string;
  readonly execute: (confirmation: { readonly reason: string }, idempotencyKey: string) => Promise<Done>;
}

export interface UndoOffer extends Undo {
  /** What was done. */
  readonly message: string;
  /** Kept in the audit log beside the inverse. */
  readonly reason: string;
  readonly onUndone: () => void;
}

export const undoOffers = new BehaviorSubject<UndoOffer | undefined>(undefined);
