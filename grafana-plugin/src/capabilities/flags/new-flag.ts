// What a new flag consists of before anybody edited it, by its type and by how it is meant to start.
import type { FlagDefinition, FlagDefinitionInput } from '@admin-center/contracts/flags-definition';

export type Start = 'switch' | 'rollout' | 'targeted';

export const STARTS: ReadonlyArray<{ readonly value: Start; readonly label: string; readonly description: string }> = [
  { value: 'rollout', label: 'Rollout', description: 'A share of the users, which you raise from 0%.' },
  { value: 'targeted', label: 'Targeted', description: 'Only users, segments or tiers that you name.' },
  { value: 'switch', label: 'Switch', description: 'Everybody as soon as it is turned on.' },
];

/** "Faster upload!" → "faster-upload" */
export const slug = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);

type Variants = FlagDefinitionInput['variants'];
const VARIANTS: Readonly<Record<FlagDefinition['type'], readonly [Variants[number], Variants[number]]>> = {
  boolean: [{ key: 'on', value: true }, { key: 'off', value: false }],
  string: [{ key: 'new', value: 'new' }, { key: 'present', value: 'present' }],
  number: [{ key: 'new', value: 1 }, { key: 'present', value: 0 }],
  object: [{ key: 'new', value: {} }, { key: 'present', value: {} }],
};

interface NewFlag extends Pick<FlagDefinition, 'name' | 'description' | 'type' | 'public'> {
  readonly start: Start;
}

export function startingDefinition({ name, description, type, public: isPublic, start }: NewFlag): FlagDefinitionInput {
  const [fresh, off] = VARIANTS[type];
  return {
    name,
    description,
    type,
    public: isPublic,
    variants: [fresh, off],
    offVariant: off.key,
    defaultVariant: start === 'switch' ? fresh.key : off.key,
    rollout: start === 'rollout' ? { percentage: 0, split: [{ variant: fresh.key, weight: 1 }] } : null,
  };
}
