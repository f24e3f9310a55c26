// Goes along the chain entry by entry, with what the entry before promised, and collects what does not keep it.
import { createHash } from 'node:crypto';
import type { ChainStatus } from '@admin-center/contracts/audit';
import { type ChainRow, type DetailRow, detailDigestOf, GENESIS, hashOf } from './chain.ts';
import type { Testimony } from './witness.ts';

/** One wrong statement can break every entry; a person needs the first ones. */
const PROBLEMS_MAX = 100;

export interface Problem {
  readonly sequence: number | null;
  readonly kind: ChainStatus['problems'][number]['kind'];
  readonly detail: string;
  /** The same problem in the same data has the same fingerprint. */
  readonly fingerprint: string;
}

export type WalkRow = ChainRow & DetailRow & { readonly has_detail: boolean; readonly erased: boolean };

export interface Walk {
  readonly problems: readonly Problem[];
  checked: number;
  last: { readonly sequence: number; readonly hash: string };
  /** Entries come in the order of their sequence numbers. */
  step(row: WalkRow): Promise<void>;
  /** After the last entry: does the log end where it should? */
  end(checkpoint: { readonly sequence: number; readonly hash: string }): void;
}

/** @param findByHash the entry that has this hash, asked only about a link that is broken */
export function createWalk(testimony: Testimony, findByHash: (hash: string) => Promise<number | null>): Walk {
  const problems: Problem[] = [];
  const erased: number[] = [];
  const accountedFor = new Set<number>();
  let contradicted = false;

  const report = (kind: Problem['kind'], sequence: number, detail: string, evidence: string): void => {
    if (problems.length < PROBLEMS_MAX) {
      const fingerprint = createHash('sha256').update(`${kind} ${sequence} ${evidence}`).digest('hex').slice(0, 32);
      problems.push({ kind, sequence, detail, fingerprint });
    }
  };

  const checkLink = async (row: WalkRow, last: Walk['last']): Promise<void> => {
    if (row.sequence < 1) {
      report('inserted', row.sequence, `Entry ${row.sequence} stands before the first one.`, row.hash);
    } else if (row.sequence !== last.sequence + 1) {
      report('missing', last.sequence + 1, `Entries ${last.sequence + 1} to ${row.sequence - 1} are missing.`, row.previous_hash);
    } else if (row.previous_hash !== last.hash) {
      const predecessor = await findByHash(row.previous_hash);
      if (predecessor === null) {
        report('inserted', row.sequence, `Entry ${row.sequence} does not continue entry ${last.sequence}, nor any other.`, row.hash);
      } else {
        report('reordered', row.sequence, `Entry ${row.sequence} continues entry ${predecessor}, not ${last.sequence}.`, row.hash);
      }
    }
  };

  const checkContent = (row: WalkRow): void => {
    const hash = hashOf(row);
    if (hash !== row.hash) {
      report('edited', row.sequence, `Entry ${row.sequence} is not what was hashed when it was written.`, hash);
    }
    if (!row.has_detail) {
      report('missing', row.sequence, `The details of entry ${row.sequence} are missing.`, 'no detail');
    } else if (row.erased && isEmpty(row)) {
      erased.push(row.sequence);
    } else if (detailDigestOf(row) !== row.detail_digest) {
      report('edited', row.sequence, `The details of entry ${row.sequence} are not those that were hashed.`, detailDigestOf(row));
    }
  };

  const checkTestimony = (row: WalkRow): void => {
    const seen = testimony.heads.get(row.sequence);
    if (!contradicted && seen !== undefined && (seen.size > 1 || !seen.has(row.hash))) {
      // Every later entry differs too; the first one says where it began.
      contradicted = true;
      report('rewritten', row.sequence, `Entry ${row.sequence} has another hash than the witness outside the database noted.`, row.hash);
    }
  };

  const walk: Walk = {
    problems,
    checked: 0,
    last: { sequence: 0, hash: GENESIS },
    async step(row) {
      await checkLink(row, walk.last);
      checkContent(row);
      checkTestimony(row);
      if (row.action === 'audit.erase' && row.outcome === 'success' && row.target_type === 'audit-entry') {
        accountedFor.add(Number(row.target_id));
      }
      if (row.sequence > 0) {
        walk.last = { sequence: row.sequence, hash: row.hash };
      }
      walk.checked += 1;
    },
    end(checkpoint) {
      const { last } = walk;
      for (const sequence of erased.filter((entry) => !accountedFor.has(entry))) {
        report('edited', sequence, `The details of entry ${sequence} were erased, and no entry says who did it.`, 'erased');
      }
      const known = Math.max(checkpoint.sequence, testimony.newest);
      if (last.sequence < known) {
        report('truncated', last.sequence + 1, `The log ends at entry ${last.sequence}, but there was an entry ${known}.`, last.hash);
      } else if (last.sequence > checkpoint.sequence) {
        report('inserted', checkpoint.sequence + 1, `Entries after ${checkpoint.sequence} did not come in by the one way there is.`, last.hash);
      } else if (last.hash !== checkpoint.hash) {
        report('rewritten', last.sequence, `Entry ${last.sequence} has another hash than the checkpoint.`, last.hash);
      }
    },
  };
  return walk;
}

const isEmpty = (detail: DetailRow): boolean =>
  [detail.salt, detail.actor_email, detail.reason, detail.before, detail.after, detail.ip, detail.user_agent].every((field) => field === null);
