// What a session refuses whatever its scope, and which changes the scope "look and change" allows.
import { impersonation, type ImpersonationRule } from '@admin-center/contracts/impersonation';
import { Badge, PanelChrome, Stack, Text } from '@grafana/ui';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { actionClassName } from './names.ts';

export function ActionTable() {
  const result = useApi(impersonation.endpoints.actions, {});
  return (
    <PanelChrome title="What a session may do">
      <Stack direction="column" gap={2}>
        <Text color="secondary">Looking is allowed. A change that is not listed here is refused. What is refused is answered with 403, counted, and in the report of the session.</Text>
        <Loaded result={result} what="the rules" compact>
          {({ items }) =>
            items.length === 0 ? <Empty title="No change is allowed" compact /> : <DataTable label="Rules of a session" columns={RULE_COLUMNS} rows={items} rowKey={({ title, path, methods }) => `${title} ${methods.join()} ${path}`} />
          }
        </Loaded>
      </Stack>
    </PanelChrome>
  );
}

const RULE_COLUMNS: ReadonlyArray<Column<ImpersonationRule>> = [
  { id: 'decision', header: 'Decision', cell: ({ decision }) => (decision === 'refused' ? <Badge color="red" icon="ban" text="refused" /> : <Badge color="blue" icon="pen" text="with look and change" />) },
  { id: 'title', header: 'Action', cell: ({ title }) => title, wrap: true },
  { id: 'class', header: 'Class', cell: ({ actionClass }) => (actionClass ? actionClassName(actionClass) : '–'), wideOnly: true },
  { id: 'route', header: 'Route', cell: ({ methods, path }) => <code>{`${methods.map((method) => (method === '*' ? 'any' : method)).join(', ')} ${path}`}</code>, wrap: true },
];
