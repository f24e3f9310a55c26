// Tunnels to a model at home or in the office, which some users keep.
import { addressOf } from './addresses.ts';
import { DAY, dayOf, iso } from './calendar.ts';
import { chance, chooser, integer, pick } from './draws.ts';
import type { Person } from './people.ts';
import { derive, purpose, settled, stream, uuidOf } from './random.ts';
import type { InsertOf } from './tables.ts';
import { userAgentOf } from './user-agents.ts';

const TUNNELS = purpose('tunnels');
const TUNNEL = purpose('tunnel');

const NAMES = ['home-ollama', 'office-gpu', 'laptop', 'workstation', 'lab', 'raspberry'] as const;
const STATES = chooser<string>([['connected', 46], ['disconnected', 42], ['created', 7], ['error', 4], ['connecting', 1]]);

/** @param until now, or the end of the account */
export function tunnelsOf(person: Person, until: number): InsertOf<'tunnels'>[] {
  const random = stream(derive(person.key, TUNNELS));
  const life = until - person.createdAt;
  if (!chance(random, 0.08) || life < DAY) {
    return [];
  }
  const first = integer(random, 0, NAMES.length - 1);
  return Array.from({ length: integer(random, 1, 3) }, (_, index) => {
    const createdAt = person.createdAt + Math.floor(life * random() ** 2);
    const requests = integer(random, 0, 4000);
    const errors = Math.floor(requests * 0.04 * random());
    return {
      id: uuidOf(settled(derive(person.key, TUNNEL, index))),
      user_id: person.id,
      name: NAMES[(first + index) % NAMES.length]!,
      status: STATES(random),
      config: JSON.stringify({ port: pick(random, [11434, 8080, 1234]), protocol: 'http' }),
      metrics: JSON.stringify({ requestCount: requests, successCount: requests - errors, errorCount: errors, averageLatency: integer(random, 40, 900) }),
      created_at: iso(createdAt),
      updated_at: iso(createdAt + Math.floor((until - createdAt) * random())),
      created_by_ip: addressOf(person.key, person.character.country, dayOf(createdAt), 0, false),
      created_by_user_agent: userAgentOf(person.key, dayOf(createdAt), 0).userAgent,
    };
  });
}
