// Two admins at one thing: the second to save is told what the first made of it.
import { conflict } from '../../platform/errors.ts';

/** @throws AppError 409 that carries what is stored now as `current` */
export function requireSameVersion(given: number, stored: number, current: unknown): void {
  if (given !== stored) {
    throw conflict('version_stale', 'Somebody changed this since you opened it. Look at what it is now and decide again.', { current });
  }
}
