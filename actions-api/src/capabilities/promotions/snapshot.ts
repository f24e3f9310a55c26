// Answers that take several statements are of one instant: a number and the list behind it agree.
import { type Database, readSnapshot, type Tx } from '../../platform/database.ts';

const TIMEOUT_MS = 10_000;

export const atOneInstant = <T>(database: Database, read: (tx: Tx) => Promise<T>): Promise<T> => readSnapshot(database, TIMEOUT_MS, read);
