// Users of which tiers are asked before an admin sees their account. A super admin says so.
import { impersonation, type ConsentRule } from '@admin-center/contracts/impersonation';
import { Badge, PanelChrome, Stack, Text } from '@grafana/ui';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { formatInstant } from '../../platform/time.tsx';
import { useApi } from '../../platform/use-api.ts';

const { consentRules, setConsentRule } = impersonation.endpoints;

export function ConsentRules() {
  const result = useApi(consentRules, {});
  return (
    <PanelChrome title="Consent of the user">
      <Stack direction="column" gap={2}>
        <Text color="secondary">Users of a tier that is asked agree in the product, for hours or days, and see there who looked at their account. When they take it back, the session ends.</Text>
        <Loaded result={result} what="the tiers" compact>
          {({ items }) => <DataTable label="Consent by tier" columns={columns(result.reload)} rows={items} rowKey={({ tier }) => tier} />}
        </Loaded>
      </Stack>
    </PanelChrome>
  );
}

const columns = (onChanged: () => void): ReadonlyArray<Column<ConsentRule>> => [
  { id: 'tier', header: 'Tier', cell: ({ tier }) => tier },
  { id: 'needed', header: 'Before a session', cell: ({ needed }) => (needed ? <Badge color="blue" icon="comments-alt" text="the user is asked" /> : <Badge color="darkgrey" text="not asked" />) },
  { id: 'changed', header: 'Since', cell: ({ changedAt, changedBy }) => (changedAt === null ? 'installation' : `${formatInstant(changedAt)}, ${changedBy ?? ''}`), wideOnly: true },
  {
    id: 'action',
    header: '',
    align: 'right',
    cell: ({ tier, needed }) => (
      <ActionButton
        label={needed ? 'Ask no longer' : 'Ask first'}
        on={`users of the tier ${tier}`}
        icon="comments-alt"
        permission="impersonation:configure"
        audit={setConsentRule.audit}
        title={needed ? `No longer ask users of the tier ${tier}` : `Ask users of the tier ${tier} first`}
        explanation={needed ? 'Their account may be looked at without their consent. What they agreed to stays on record.' : 'Without their consent no session is asked for or started. Sessions under way go on.'}
        confirmLabel={needed ? 'Ask no longer' : 'Ask first'}
        execute={({ reason }, idempotencyKey) => call(setConsentRule, { params: { tier }, body: { needed: !needed, reason } }, { idempotencyKey })}
        onDone={onChanged}
      />
    ),
  },
];
