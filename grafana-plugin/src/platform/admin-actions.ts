// A bell that rings when this browser has just completed an audited action, so that lists reload and marks appear without
// waiting for the next refresh.
import { Subject } from 'rxjs';

export interface AdminAction {
  /** Audit action, e.g. `users.suspend`. */
  readonly action: string;
  readonly auditSequence: number | null;
}

export const adminActions = new Subject<AdminAction>();
