// The three kinds of rules as lists: named users, segments of attributes, tiers. The first rule that fits decides.
import { TIERS } from '@admin-center/contracts/capability';
import { Button, Combobox, Stack, Text, TextArea } from '@grafana/ui';
import { useState } from 'react';
import { everyone, freeId, interestingVariant, replacedAt, withoutAt, type Condition, type Draft, type Problems, type Segment, type TierRule, type UserList } from '../draft.ts';
import { Complaint } from './Complaint.tsx';
import { ConditionRow } from './ConditionRow.tsx';
import { RuleList } from './RuleList.tsx';
import { AddButton, Section } from './Section.tsx';
import { ServeEditor } from './ServeEditor.tsx';
import { VariantSelect } from './VariantSelect.tsx';

export interface EditorProps {
  readonly draft: Draft;
  readonly set: (patch: Partial<Draft>) => void;
  readonly problems: Problems;
  readonly colors: Readonly<Record<string, string>>;
  readonly disabled: boolean;
}

const NO_CONDITION: Condition = { attribute: '', operator: 'in', values: [] };

export function UserLists({ draft, set, problems, disabled }: EditorProps) {
  const { users, variants } = draft;
  const add = () => set({ users: [...users, { id: freeId('users', draft), variant: interestingVariant(draft), users: [] }] });
  const action = (
    <AddButton disabled={disabled || users.length >= 20} onClick={add}>
      Add a list of users
    </AddButton>
  );
  return (
    <Section title="1. Named users" action={action}>
      <RuleList<UserList> label="User lists" items={users} name={({ id }) => id} disabled={disabled} onChange={(next) => set({ users: next })}>
        {(list, index, change) => (
          <Stack direction="column" gap={1}>
            <Stack direction="row" gap={1} alignItems="center">
              <Text color="secondary">Serve</Text>
              <VariantSelect label={`Variant of ${list.id}`} variants={variants} value={list.variant} disabled={disabled} onChange={(variant) => change({ ...list, variant })} />
              <Text color="secondary">to these targeting keys</Text>
            </Stack>
            <Keys label={`Users of ${list.id}`} keys={list.users} disabled={disabled} onChange={(keys) => change({ ...list, users: keys })} />
            <Complaint texts={problems.within(`users.${index}`)} />
          </Stack>
        )}
      </RuleList>
    </Section>
  );
}

export const readKeys = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter((key) => key !== ''))];

function Keys({ label, keys, onChange, disabled }: { label: string; keys: readonly string[]; onChange: (keys: string[]) => void; disabled: boolean }) {
  const [text, setText] = useState(() => keys.join('\n'));
  const shown = readKeys(text).join('\n') === keys.join('\n') ? text : keys.join('\n');
  return (
    <TextArea
      aria-label={label}
      placeholder="One id to a line"
      rows={Math.min(8, Math.max(2, keys.length))}
      value={shown}
      disabled={disabled}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        onChange(readKeys(currentTarget.value));
      }}
    />
  );
}

export function Segments({ draft, set, problems, colors, disabled }: EditorProps) {
  const { segments, variants } = draft;
  const add = () => set({ segments: [...segments, { id: freeId('segment', draft), description: '', conditions: [NO_CONDITION], serve: everyone(interestingVariant(draft)) }] });
  const action = (
    <AddButton disabled={disabled || segments.length >= 20} onClick={add}>
      Add a segment
    </AddButton>
  );
  return (
    <Section title="2. Segments" text="All conditions of a segment have to hold; the first segment that fits decides." action={action}>
      <RuleList<Segment> label="Segments" items={segments} name={({ id }) => id} disabled={disabled} onChange={(next) => set({ segments: next })}>
        {(segment, index, change) => (
          <Stack direction="column" gap={1}>
            {segment.description !== '' && <Text color="secondary">{segment.description}</Text>}
            {segment.conditions.map((condition, place) => (
              <ConditionRow
                // Conditions have no identity of their own and are never reordered.
                key={place}
                of={`${segment.id}, condition ${place + 1}`}
                path={`segments.${index}.conditions.${place}`}
                condition={condition}
                problems={problems}
                disabled={disabled}
                onChange={(next) => change({ ...segment, conditions: replacedAt(segment.conditions, place, next) })}
                onRemove={segment.conditions.length > 1 ? () => change({ ...segment, conditions: withoutAt(segment.conditions, place) }) : undefined}
              />
            ))}
            <div>
              <Button size="sm" variant="secondary" fill="text" icon="plus" disabled={disabled} aria-label={`Add a condition to ${segment.id}`} onClick={() => change({ ...segment, conditions: [...segment.conditions, NO_CONDITION] })}>
                and
              </Button>
            </div>
            <ServeEditor of={segment.id} whom="of them" path={`segments.${index}.serve`} serve={segment.serve} variants={variants} colors={colors} problems={problems} disabled={disabled} onChange={(serve) => change({ ...segment, serve })} />
          </Stack>
        )}
      </RuleList>
    </Section>
  );
}

export function Tiers({ draft, set, problems, colors, disabled }: EditorProps) {
  const { tiers, variants } = draft;
  const free = TIERS.filter((tier) => !tiers.some((rule) => rule.tier === tier));
  const add = () => free[0] && set({ tiers: [...tiers, { id: freeId('tier', draft), tier: free[free.length - 1] ?? free[0], serve: everyone(interestingVariant(draft)) }] });
  const action = (
    <AddButton disabled={disabled || free.length === 0} onClick={add}>
      Add a tier
    </AddButton>
  );
  return (
    <Section title="3. Tiers" action={action}>
      <RuleList<TierRule> label="Tiers" items={tiers} name={({ id }) => id} disabled={disabled} onChange={(next) => set({ tiers: next })}>
        {(rule, index, change) => (
          <Stack direction="column" gap={1}>
            <Stack direction="row" gap={1} alignItems="center">
              <Text color="secondary">Users of the tier</Text>
              <Combobox<TierRule['tier']> aria-label={`Tier of ${rule.id}`} width={20} options={TIERS.map((value) => ({ value, label: value }))} value={rule.tier} disabled={disabled} onChange={(option) => change({ ...rule, tier: option.value })} />
            </Stack>
            <ServeEditor of={rule.id} whom="of them" path={`tiers.${index}.serve`} serve={rule.serve} variants={variants} colors={colors} problems={problems} disabled={disabled} onChange={(serve) => change({ ...rule, serve })} />
            <Complaint texts={[problems.at(`tiers.${index}.tier`)]} />
          </Stack>
        )}
      </RuleList>
    </Section>
  );
}
