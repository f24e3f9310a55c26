// Where the checkout is, and the tools npm put into it.
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..', '..');

/** An absolute path from one relative to the checkout. */
export const inRoot = (...parts: string[]): string => path.join(root, ...parts);

/** A command that npm installed, e.g. `tsc`. */
export const npmBin = (name: string): string => inRoot('node_modules', '.bin', name);
