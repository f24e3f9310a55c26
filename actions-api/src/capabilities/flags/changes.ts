// What a change makes of a flag, and when it is refused. The same for a preview and for the change itself.
import { type FlagChange, STALE_AFTER_DAYS } from '@admin-center/contracts/flags';
import { type FlagDefinition, flagDefinition } from '@admin-center/contracts/flags-definition';
import { sql } from 'kysely';
import type { Queryable } from '../../platform/database.ts';
import { conflict, notFound } from '../../platform/errors.ts';
import { checkDefinition, dependentsOf, keepDependents } from './check.ts';
import { same } from './diff.ts';
import type { NextFlag, StoredFlag } from './store.ts';

type Update = Exclude<FlagChange, { kind: 'create' }>;

/**
 * @param all every flag, this one with them
 * @throws AppError 404, 409 or 422 where the change is refused
 */
export async function nextOf(database: Queryable, key: string, current: StoredFlag | null, all: readonly StoredFlag[], change: FlagChange): Promise<NextFlag> {
  if (change.kind === 'create') {
    if (current !== null) {
      throw conflict('flag_exists', `There is a flag "${key}" already${current.state === 'archived' ? ', in the archive' : ''}.`);
    }
    checkDefinition(key, change.definition, all);
    return { state: 'off', definition: change.definition, experimentState: change.definition.experiment === null ? null : 'draft' };
  }
  if (current === null) {
    throw notFound('flag');
  }
  return applied(database, current, all, change);
}

async function applied(database: Queryable, current: StoredFlag, all: readonly StoredFlag[], change: Update): Promise<NextFlag> {
  const { state, definition, experimentState } = current;
  switch (change.kind) {
    case 'update':
      if (state === 'archived') {
        throw conflict('flag_archived', 'The flag is in the archive. Bring it back before you change it.');
      }
      return { state, definition: change.definition, experimentState: edited(current, change.definition, all) };
    case 'state':
      if (change.state === state) {
        throw conflict('state_conflict', `The flag is ${state} already.`);
      }
      if (change.state === 'archived') {
        await admitArchiving(database, current, all);
      } else if (state === 'archived') {
        checkDefinition(current.key, definition, all);
      }
      return { state: change.state, definition, experimentState };
    case 'revert': {
      const version = await readVersion(database, current.key, change.to);
      if (version.state === 'archived') {
        throw conflict('version_archived', 'In this version the flag was in the archive. Archive it instead.');
      }
      return { state: version.state, definition: version.definition, experimentState: edited(current, version.definition, all) };
    }
    case 'experiment':
      return { state, definition, experimentState: change.running ? started(current, all) : stopped(current) };
  }
}

/** The state of the experiment after an edit. @throws AppError 409 for what is frozen, 422 for what does not hold */
function edited({ key, definition: before, experimentState }: StoredFlag, definition: FlagDefinition, all: readonly StoredFlag[]): StoredFlag['experimentState'] {
  if (before.type !== definition.type) {
    throw conflict('type_frozen', `The flag is of type ${before.type}, and code relies on it. Make another flag.`);
  }
  checkDefinition(key, definition, all);
  keepDependents(key, definition, all);
  const unchanged = same(before.experiment, definition.experiment);
  if (experimentState === 'running' && !unchanged) {
    throw conflict('experiment_running', 'The experiment runs, and its hypothesis, metric, weights and size are frozen. Stop it first.');
  }
  return definition.experiment === null ? null : unchanged ? experimentState : 'draft';
}

function started({ key, definition: { experiment }, experimentState, state }: StoredFlag, all: readonly StoredFlag[]): 'running' {
  if (experiment === null) {
    throw conflict('no_experiment', 'This flag has no experiment. Plan one first.');
  }
  if (experimentState === 'running') {
    throw conflict('state_conflict', 'The experiment runs already.');
  }
  if (state !== 'on') {
    throw conflict('flag_not_on', `The flag is ${state}, so nobody would take part. Turn it on first.`);
  }
  const group = experiment.exclusionGroup;
  const rival = group === null ? undefined : all.find((other) => {
    const theirs = other.experimentState === 'running' && other.key !== key ? (other.definition.experiment?.exclusionGroup ?? null) : null;
    return theirs !== null && theirs.name === group.name && theirs.from < group.to && group.from < theirs.to;
  });
  if (rival !== undefined) {
    throw conflict('exclusion_overlap', `The experiment of "${rival.key}" takes users of the same range of this exclusion group.`);
  }
  return 'running';
}

function stopped({ experimentState }: StoredFlag): 'stopped' {
  if (experimentState !== 'running') {
    throw conflict('state_conflict', 'There is no experiment running on this flag.');
  }
  return 'stopped';
}

/** What is still evaluated is still in code. @throws AppError 409 */
async function admitArchiving(database: Queryable, { key, experimentState }: StoredFlag, all: readonly StoredFlag[]): Promise<void> {
  if (experimentState === 'running') {
    throw conflict('experiment_running', 'An experiment runs on this flag. Stop it first.');
  }
  const dependents = dependentsOf(key, all);
  if (dependents.length > 0) {
    throw conflict('flag_needed', `Other flags have this one as a prerequisite: ${dependents.join(', ')}.`, { dependents });
  }
  const { rows: [row] } = await sql<{ last_at: Date | null; recent: boolean | null }>`
    SELECT last_evaluated_at AS last_at, last_evaluated_at > now() - ${STALE_AFTER_DAYS.notEvaluated} * interval '1 day' AS recent
    FROM admin_center.flag_life WHERE key = ${key}
  `.execute(database);
  if (row?.recent === true) {
    const lastEvaluatedAt = row.last_at?.toISOString() ?? '';
    throw conflict('flag_in_use', `The flag was evaluated within the last ${STALE_AFTER_DAYS.notEvaluated} days, last at ${lastEvaluatedAt}. Remove it from the code first.`, { lastEvaluatedAt });
  }
}

async function readVersion(database: Queryable, key: string, version: number): Promise<{ state: StoredFlag['state']; definition: FlagDefinition }> {
  const { rows: [row] } = await sql<{ state: StoredFlag['state']; definition: unknown }>`
    SELECT state, definition FROM admin_center.flag_version WHERE flag = ${key} AND version = ${version}
  `.execute(database);
  if (row === undefined) {
    throw notFound('version of this flag');
  }
  // Filled up with what definitions have learned since.
  return { state: row.state, definition: flagDefinition.parse(row.definition) };
}
