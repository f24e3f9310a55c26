// What every tab of a flag begins with: its state and stage of life, the switch, the way to kill or archive it.
import { css } from '@emotion/css';
import type { FlagDetail } from '@admin-center/contracts/flags';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Badge, Stack, Text, TextLink, useStyles2 } from '@grafana/ui';
import { byWhom } from '../../platform/format.ts';
import { Ago } from '../../platform/time.tsx';
import { flagUrl } from '../../routes.ts';
import { ExperimentBadge, LifecycleBadge, RampBadge, StateBadge } from './badges.tsx';
import { FlagStateButton, FlagSwitch } from './FlagSwitch.tsx';

export function FlagHeader({ flag, onChanged }: { flag: FlagDetail; onChanged: () => void }) {
  const styles = useStyles2(getStyles);
  return (
    <Stack direction="column" gap={1}>
      <div className={styles.header}>
        <FlagSwitch flag={flag} onChanged={onChanged} />
        <StateBadge state={flag.state} />
        {flag.lifecycle !== flag.state && <LifecycleBadge lifecycle={flag.lifecycle} />}
        {flag.ramp && flag.ramp.state !== 'idle' && <RampBadge state={flag.ramp.state} />}
        {flag.experiment?.state === 'running' && <ExperimentBadge state="running" />}
        {flag.public && <Badge text="public" color="blue" icon="eye" tooltip="Browsers and apps may read it with a client key." />}
        {flag.permanent && <Badge text="permanent" color="darkgrey" tooltip="Meant to stay, so it never counts as stale." />}
        <span className={styles.facts}>
          <code>{flag.key}</code> {flag.type}, version {flag.version} by {byWhom(flag.updatedBy.name)} <Ago at={flag.updatedAt} />; {flag.lastEvaluatedAt ? 'evaluated' : 'evaluated by no host yet'} <Ago at={flag.lastEvaluatedAt} never="" />
        </span>
        <FlagStateButton flag={flag} onChanged={onChanged} />
      </div>
      {flag.description !== '' && <Text color="secondary">{flag.description}</Text>}
      {flag.staleReason && (
        <Alert severity="info" title="This flag looks stale" bottomSpacing={0}>
          {flag.staleReason}
        </Alert>
      )}
      {flag.dependents.length > 0 && (
        <Text color="secondary">
          Prerequisite of{' '}
          {flag.dependents.map((key, index) => (
            <span key={key}>
              {index > 0 && ', '}
              <TextLink href={flagUrl(key)}>{key}</TextLink>
            </span>
          ))}
        </Text>
      )}
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  header: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), flexWrap: 'wrap' }),
  facts: css({ flexGrow: 1, color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, code: { marginRight: theme.spacing(0.5) } }),
});
