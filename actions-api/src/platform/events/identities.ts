// Which user of the host an id means, kept for seconds: most events of a minute are of the same few people. What is kept is
// as old as that at most, such as a tier that changed or a role that was given; an id of nobody is asked about each time, so
// that who signs up is known at once.

export interface Identity {
  readonly userId: string;
  readonly tier: string;
  readonly isAdmin: boolean;
}

export interface Identities {
  of(textId: string): Identity | null;
  learn(textId: string, identity: Identity): void;
  /** Whether a visitor is tied to a user already, as far as is known. */
  isLinked(visitor: string): boolean;
  link(visitor: string): void;
}

export function createIdentities(keptMs: number, most: number, now: () => number): Identities {
  let since = now();
  let [identities, linked] = [new Map<string, Identity>(), new Set<string>()];
  let [before, linkedBefore] = [identities, linked];
  /** Two generations of half the time each: the older is forgotten whole, so nothing is kept longer and nothing is counted. */
  const age = (): void => {
    const elapsed = now() - since;
    if (elapsed < keptMs / 2 && identities.size < most / 2 && linked.size < most / 2) {
      return;
    }
    [before, linkedBefore] = elapsed < keptMs ? [identities, linked] : [new Map(), new Set()];
    [identities, linked, since] = [new Map(), new Set(), now()];
  };
  return {
    of(textId) {
      age();
      return identities.get(textId) ?? before.get(textId) ?? null;
    },
    learn(textId, identity) {
      age();
      identities.set(textId, identity);
    },
    isLinked: (visitor) => linked.has(visitor) || linkedBefore.has(visitor),
    link(visitor) {
      linked.add(visitor);
    },
  };
}
