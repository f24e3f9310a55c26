// Names of track events for a field that is asked as one types, the most frequent first.
import { engagement } from '@admin-center/contracts/engagement';
import { call } from '../../platform/api.ts';
import { formatCount } from '../../platform/format.ts';

export async function findEvents(input: string): Promise<Array<{ value: string; label: string; description: string }>> {
  const { items } = await call(engagement.endpoints.eventNames);
  return items.filter(({ name }) => name.toLowerCase().includes(input.toLowerCase())).map(({ name, events }) => ({ value: name, label: name, description: `${formatCount(events)} in 30 days` }));
}
