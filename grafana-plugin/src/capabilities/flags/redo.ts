// One admin's changes done again on top of what another saved meanwhile. Rules are matched by their ids, so that both may
// have edited different rules of one list.
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import { sameDefinition as same } from './draft.ts';

export interface Redone {
  readonly definition: FlagDefinition;
  /** What both changed, each in another way; mine is in `definition`. */
  readonly contested: readonly string[];
}

type Item = Readonly<Record<string, unknown>>;
/** How the items of each list are told apart. */
const IDENTITIES: Readonly<Partial<Record<keyof FlagDefinition, string>>> = { variants: 'key', prerequisites: 'flag', users: 'id', segments: 'id', tiers: 'id', guardrails: 'name' };

export function redoOnTop(base: FlagDefinition, mine: FlagDefinition, theirs: FlagDefinition): Redone {
  const contested: string[] = [];
  /** Whoever changed it decides; when both did, mine does and it is said. */
  const choose = (path: string, was: unknown, own: unknown, other: unknown): unknown => {
    if (same(own, was)) {
      return other;
    }
    if (!same(other, was) && !same(own, other)) {
      contested.push(path);
    }
    return own;
  };

  const mergeList = (field: string, identity: string, was: readonly Item[], own: readonly Item[], other: readonly Item[]): Item[] => {
    const by = (list: readonly Item[]) => new Map(list.map((item) => [String(item[identity]), item]));
    const [wasBy, ownBy, otherBy] = [by(was), by(own), by(other)];
    const order = (list: readonly Item[]): string[] => list.map((item) => String(item[identity]));
    // My order where I changed it, theirs elsewhere; what only the other side has comes last.
    const leading = same(order(own), order(was)) ? order(other) : order(own);
    return [...new Set([...leading, ...order(own), ...order(other)])].flatMap((id) => {
      const chosen = choose(`${field} ${id}`, wasBy.get(id), ownBy.get(id), otherBy.get(id));
      return chosen === undefined ? [] : [chosen as Item];
    });
  };

  const fields = Object.keys({ ...base, ...mine, ...theirs }) as Array<keyof FlagDefinition>;
  const merged = fields.map((field) => {
    const identity = IDENTITIES[field];
    const sides = [base[field], mine[field], theirs[field]] as const;
    return [field, identity ? mergeList(field, identity, ...(sides as unknown as [Item[], Item[], Item[]])) : choose(field, ...sides)] as const;
  });
  return { definition: Object.fromEntries(merged) as unknown as FlagDefinition, contested };
}
