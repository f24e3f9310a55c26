// The users behind a number: a drawer over any endpoint that answers a page of them, with links to each and a CSV file.
import { useState } from 'react';
import type { ClientRequest, EndpointContract, ResponseOf } from '@admin-center/contracts/capability';
import type { PersonRow } from '@admin-center/contracts/fields';
import { Alert, Button, Drawer, Stack, Text, TextLink } from '@grafana/ui';
import { userUrl } from '../routes.ts';
import { call } from './api.ts';
import { toApiError } from './api-error.ts';
import { csvName, toCsv } from './csv.ts';
import { DataTable, type Column } from './DataTable.tsx';
import { download } from './download.ts';
import { formatCount, span } from './format.ts';
import { Gate } from './Gate.tsx';
import { Loaded } from './Loaded.tsx';
import { Pager, usePaging } from './Pager.tsx';
import { Empty } from './states.tsx';
import { Ago } from './time.tsx';
import { useApi } from './use-api.ts';

const PAGE_SIZE = 25;
const EXPORT_PAGE = 100;
/** Above this a file is an export with a reason of its own, not what is shown. */
export const EXPORT_LIMIT = 5000;

interface PageOfPersons {
  readonly items: readonly PersonRow[];
  readonly nextCursor: string | null;
}
type PersonsEndpoint<E extends EndpointContract> = ResponseOf<E> extends PageOfPersons ? E : never;

interface Props<E extends EndpointContract> {
  readonly endpoint: PersonsEndpoint<E>;
  /** Everything the endpoint asks for except `cursor` and `limit`. */
  readonly query: Readonly<Record<string, unknown>>;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Which number it is, e.g. "Retained on day 7, cohort of 2 November". */
  readonly title: string;
  /** How they were counted, where the title leaves that open. */
  readonly definition?: string;
  readonly onClose: () => void;
}

export function UsersBehind<E extends EndpointContract>({ title, definition, onClose, ...list }: Props<E>) {
  return (
    <Drawer title={title} subtitle={definition} onClose={onClose} size="md">
      <Gate permission="users:read" what="The users behind this number">
        <Users {...list} title={title} />
      </Gate>
    </Drawer>
  );
}

function Users<E extends EndpointContract>({ endpoint, query, params, title }: Omit<Props<E>, 'definition' | 'onClose'>) {
  const paging = usePaging([query, params]);
  const ask = (limit: number, cursor: string | undefined) => ({ params, query: { ...query, limit, cursor } }) as unknown as ClientRequest<E>;
  const result = useApi<E>(endpoint, ask(PAGE_SIZE, paging.cursor));
  return (
    <Loaded result={result} what="the users">
      {(answer, busy) => {
        const { items, nextCursor } = answer as PageOfPersons;
        return items.length === 0 && paging.index === 0 ? (
          <Empty title="Nobody" compact>
            The number counts nobody, or they were erased since.
          </Empty>
        ) : (
          <Stack direction="column" gap={2}>
            <DataTable label="Users behind the number" columns={COLUMNS} rows={items} rowKey={({ id }) => id} busy={busy} />
            <Pager paging={paging} nextCursor={nextCursor} busy={busy} summary={`Users ${span(paging.index * PAGE_SIZE + 1, items.length)}`} />
            <Export title={title} read={(cursor) => call<E>(endpoint, ask(EXPORT_PAGE, cursor)) as Promise<PageOfPersons>} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

const COLUMNS: ReadonlyArray<Column<PersonRow>> = [
  {
    id: 'user',
    header: 'User',
    cell: ({ id, email }) =>
      email === null ? (
        <Text color="secondary">no longer known</Text>
      ) : (
        <TextLink href={userUrl(id)} inline={false} color="link">
          {email}
        </TextLink>
      ),
  },
  { id: 'tier', header: 'Tier', cell: ({ tier }) => tier },
  { id: 'seen', header: 'Last seen', cell: ({ lastSeenAt }) => (lastSeenAt === null ? 'never' : <Ago at={lastSeenAt} />) },
];

/** Saves every page, not only the one on screen. */
function Export({ title, read }: { title: string; read: (cursor: string | undefined) => Promise<PageOfPersons> }) {
  const [state, setState] = useState<{ busy: boolean; note?: string; failed?: string }>({ busy: false });

  const run = async () => {
    setState({ busy: true });
    try {
      const { rows, complete } = await readAll(read);
      download(csvName(title), toCsv(['id', 'email', 'tier', 'last_seen_at'], rows.map(({ id, email, tier, lastSeenAt }) => [id, email, tier, lastSeenAt])), 'text/csv');
      setState({ busy: false, note: complete ? undefined : `The file holds the first ${formatCount(EXPORT_LIMIT)} users.` });
    } catch (error) {
      setState({ busy: false, failed: toApiError(error).message });
    }
  };

  return (
    <Stack direction="column" gap={1} alignItems="flex-start">
      <Button variant="secondary" icon="download-alt" disabled={state.busy} onClick={() => void run()}>
        {state.busy ? 'Reading all pages…' : 'Export CSV'}
      </Button>
      {state.note && <Alert severity="info" title={state.note} />}
      {state.failed && (
        <Alert severity="error" title="Could not export the users">
          {state.failed}
        </Alert>
      )}
    </Stack>
  );
}

async function readAll(read: (cursor: string | undefined) => Promise<PageOfPersons>): Promise<{ readonly rows: readonly PersonRow[]; readonly complete: boolean }> {
  const rows: PersonRow[] = [];
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await read(cursor);
    rows.push(...items);
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined && rows.length < EXPORT_LIMIT);
  return { rows: rows.slice(0, EXPORT_LIMIT), complete: cursor === undefined };
}
