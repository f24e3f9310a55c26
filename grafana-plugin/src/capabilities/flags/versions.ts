// What differs between two versions of a flag, in words; and what a refused write says about the version that was faster.
import { flagDetail, type FlagDetail, type FlagVersion } from '@admin-center/contracts/flags';
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import type { ApiError } from '../../platform/api-error.ts';
import { fieldChanges, type FieldChange } from '../audit/changes.ts';
import { readable } from './sentences.ts';

export const definitionChanges = (before: FlagDefinition, after: FlagDefinition): FieldChange[] => fieldChanges(readable(before), readable(after)).filter(({ changed }) => changed);

const text = (value: unknown): string => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));

/** @param before the version before, where it is at hand; else the difference is shown as it was stored */
export function versionChanges(version: FlagVersion, before: FlagVersion | undefined): FieldChange[] {
  if (version.change === 'create') {
    return fieldChanges({}, readable(version.definition)).filter(({ after }) => after !== '' && after !== 'false');
  }
  if (before === undefined) {
    return version.diff.map(({ path, from, value }) => ({ field: path.slice(1).replaceAll('/', '.'), before: text(from), after: text(value), changed: true }));
  }
  const state: FieldChange[] = before.state === version.state ? [] : [{ field: 'state', before: before.state, after: version.state, changed: true }];
  return [...state, ...definitionChanges(before.definition, version.definition)];
}

/** The flag as it is by now, when a write was refused because somebody else had saved. */
export const newerFlag = (problem: ApiError, version: number): FlagDetail | undefined => {
  const { data } = flagDetail.safeParse(problem.extensions.current);
  return problem.kind === 'conflict' && data !== undefined && data.version > version ? data : undefined;
};
