// The referral programme and every referral in its stages.
import { css } from '@emotion/css';
import { useState } from 'react';
import { promotions, REFERRAL_STAGES, type Referral } from '@admin-center/contracts/promotions';
import { Button, PanelChrome, Stack, TextLink } from '@grafana/ui';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';
import { Choice } from '../../platform/Choice.tsx';
import type { Column } from '../../platform/DataTable.tsx';
import { Facts } from '../../platform/Facts.tsx';
import { formatMoney, plural, words } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { roleNames, rolesWith, useMe } from '../../platform/me.tsx';
import { Ago } from '../../platform/time.tsx';
import { useApi } from '../../platform/use-api.ts';
import { userUrl } from '../../routes.ts';
import { StateBadge } from './badges.tsx';
import { PagedList } from './PagedList.tsx';
import { ProgrammeForm } from './ProgrammeForm.tsx';
import type { TabProps } from './PromotionsTabs.tsx';

const { getReferralProgramme, listReferrals, rejectReferral } = promotions.endpoints;
const STAGES = REFERRAL_STAGES.map((value) => ({ value, label: words(value) }));
const PERMISSION = 'promotions:write';
/** Stages that still lead to a reward. */
const OPEN: ReadonlyArray<Referral['stage']> = ['signup', 'qualified', 'held'];

export function ReferralsTab({ view, onView, tick }: TabProps) {
  return (
    <Stack direction="column" gap={2}>
      <Programme />
      <PagedList
        endpoint={listReferrals}
        query={{ stage: view.stage || undefined }}
        label="Referrals"
        columns={referralColumns}
        rowKey={({ id }) => id}
        empty={view.stage ? 'No referral is at this stage' : 'No referrals yet'}
        tick={tick}
        toolbar={() => <Choice label="Stage" value={view.stage} options={STAGES} onChange={(state) => onView({ state })} />}
      />
    </Stack>
  );
}

function Programme() {
  const result = useApi(getReferralProgramme, {});
  const { can } = useMe();
  const [isOpen, setIsOpen] = useState(false);
  const allowed = can(PERMISSION);
  const change = (
    <Button size="sm" variant="secondary" icon="pen" disabled={!allowed || result.data === undefined} tooltip={allowed ? undefined : `Needs the role ${roleNames(rolesWith(PERMISSION))}`} onClick={() => setIsOpen(true)}>
      Change the programme
    </Button>
  );
  return (
    <PanelChrome title="Programme" actions={change}>
      <Loaded result={result} what="the programme" compact>
        {(programme) => (
          <>
            <Facts
              label="The programme"
              facts={[
                ['State', programme.enabled ? 'on' : 'off: links are not counted'],
                ['Reward', `${formatMoney(programme.reward.amountMinor, programme.reward.currency)} as credit for the referrer${programme.maxRewardsPerReferrer === null ? '' : `, ${plural(programme.maxRewardsPerReferrer, 'time')} at most`}`],
                ['A click counts', `for ${plural(programme.windowDays, 'day')}`],
                ['Reward after', `${plural(programme.holdDays, 'day')} on hold from the first payment`],
                ['Taken back', `on a refund within ${plural(programme.clawbackDays, 'day')}`],
              ]}
            />
            {isOpen && <ProgrammeForm programme={programme} onClose={() => setIsOpen(false)} onDone={() => (setIsOpen(false), result.reload())} />}
          </>
        )}
      </Loaded>
    </PanelChrome>
  );
}

const personOf = (person: { id: string; email: string | null } | null) =>
  person === null ? (
    '–'
  ) : (
    // Two addresses to a row; a long one is cut, and whole on the page it leads to.
    <span className={address} title={person.email ?? undefined}>
      <TextLink href={userUrl(person.id)} inline={false} color="link">
        {person.email ?? 'erased'}
      </TextLink>
    </span>
  );
const address = css({ display: 'block', maxWidth: '26ch', overflow: 'hidden', textOverflow: 'ellipsis' });

const Signals = ({ signals }: Pick<Referral, 'signals'>) => <span className={lines}>{signals.length === 0 ? '–' : signals.map(words).join(', ')}</span>;
const lines = css({ display: 'block', minWidth: '14ch', whiteSpace: 'normal' });

const referralColumns = (reload: () => void): ReadonlyArray<Column<Referral>> => [
  { id: 'clickedAt', header: 'Click', cell: ({ clickedAt }) => <Ago at={clickedAt} /> },
  { id: 'stage', header: 'Stage', cell: ({ stage }) => <StateBadge state={stage} /> },
  { id: 'referrer', header: 'Referrer', cell: ({ referrer }) => personOf(referrer), wrap: true },
  { id: 'referee', header: 'Referred', cell: ({ referee }) => personOf(referee), wrap: true },
  { id: 'reward', header: 'Reward', align: 'right', cell: ({ reward }) => (reward ? formatMoney(reward.amountMinor, reward.currency) : '–'), wideOnly: true },
  { id: 'heldUntil', header: 'On hold until', cell: ({ heldUntil }) => <Ago at={heldUntil} never="–" />, wideOnly: true },
  { id: 'signals', header: 'Speaks against it', cell: ({ signals }) => <Signals signals={signals} />, wideOnly: true },
  { id: 'actions', header: 'Action', align: 'right', cell: (referral) => OPEN.includes(referral.stage) && <RejectButton referral={referral} onChanged={reload} /> },
];

const RejectButton = ({ referral, onChanged }: { referral: Referral; onChanged: () => void }) => (
  <ActionButton
    label="Reject"
    on={`the referral by ${referral.referrer.email ?? referral.referrer.id}`}
    icon="times"
    permission={PERMISSION}
    audit={rejectReferral.audit}
    title="Reject the referral"
    explanation="The referrer gets no reward for it. It cannot be taken back."
    confirmLabel="Reject the referral"
    destructive
    execute={({ reason }, idempotencyKey) => call(rejectReferral, { params: { referralId: referral.id }, body: { reason } }, { idempotencyKey })}
    onDone={onChanged}
  />
);
