// Search as one types, and the filters beside it.
import { TIERS } from '@admin-center/contracts/capability';
import { USER_STATES } from '@admin-center/contracts/users';
import { Button, Stack } from '@grafana/ui';
import { Choice } from '../../platform/Choice.tsx';
import { SearchInput } from '../../platform/SearchInput.tsx';
import { CREATED_CHOICES, isFiltered, NO_FILTERS, SEEN_CHOICES, type UserFilters } from './filters.ts';

interface Props {
  readonly filters: UserFilters;
  readonly onChange: (filters: UserFilters) => void;
}

export function UserFilterBar({ filters, onChange }: Props) {
  const set = (patch: Partial<UserFilters>) => onChange({ ...filters, ...patch });
  return (
    <Stack direction="row" gap={1} wrap="wrap" alignItems="center">
      <SearchInput label="Search users" placeholder="E-mail, name or id" width={38} value={filters.q} onChange={(q) => set({ q })} />
      <Choice label="Tier" value={filters.tier} options={TIERS.map((value) => ({ value, label: value }))} onChange={(tier) => set({ tier })} />
      <Choice label="State" value={filters.state} options={USER_STATES.map((value) => ({ value, label: value }))} onChange={(state) => set({ state })} />
      <Choice<string> label="Signed up" value={filters.created} options={CREATED_CHOICES} onChange={(created) => set({ created })} />
      <Choice<string> label="Last seen" value={filters.seen} options={SEEN_CHOICES} onChange={(seen) => set({ seen })} />
      {isFiltered(filters) && (
        <Button variant="secondary" fill="text" icon="times" onClick={() => onChange({ ...NO_FILTERS, sort: filters.sort, order: filters.order })}>
          Clear filters
        </Button>
      )}
    </Stack>
  );
}
