// Every version of a flag with what it changed and why, and the way back to each.
import { css } from '@emotion/css';
import { useState } from 'react';
import { flags, type FlagDetail, type FlagVersion } from '@admin-center/contracts/flags';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, Button, Stack, Text, TextLink, useStyles2 } from '@grafana/ui';
import { toApiError } from '../../platform/api-error.ts';
import { call } from '../../platform/api.ts';
import { ConfirmAction } from '../../platform/ConfirmAction.tsx';
import { done } from '../../platform/done.ts';
import { byWhom, plural } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Pager, usePaging } from '../../platform/Pager.tsx';
import { Ago } from '../../platform/time.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { auditEntryUrl } from '../../routes.ts';
import { ChangesTable } from '../audit/ChangesTable.tsx';
import { useMayWrite } from './FlagSwitch.tsx';
import { moveFacts } from './moves.ts';
import { definitionChanges, newerFlag, versionChanges } from './versions.ts';

const PAGE_SIZE = 20;
const { history, preview, revert } = flags.endpoints;

export function HistoryTab({ flag, reload }: { flag: FlagDetail; reload: () => void }) {
  const styles = useStyles2(getStyles);
  const paging = usePaging(flag.key);
  const result = useApi(history, { params: { key: flag.key }, query: { limit: PAGE_SIZE, cursor: paging.cursor } });
  useReload(result.reload, flag.version);
  const onReverted = () => {
    reload();
    result.reload();
  };
  return (
    <Loaded result={result} what="the history">
      {({ items, nextCursor }, busy) => (
        <Stack direction="column" gap={1}>
          <ol className={styles.versions} aria-label="Versions">
            {items.map((version, index) => (
              <li key={version.version}>
                <Version flag={flag} version={version} before={items[index + 1]} onReverted={onReverted} />
              </li>
            ))}
          </ol>
          {(nextCursor !== null || paging.index > 0) && <Pager paging={paging} nextCursor={nextCursor} busy={busy} summary={`${plural(items.length, 'version')} on page ${paging.index + 1}`} />}
        </Stack>
      )}
    </Loaded>
  );
}

interface VersionProps {
  readonly flag: FlagDetail;
  readonly version: FlagVersion;
  readonly before: FlagVersion | undefined;
  readonly onReverted: () => void;
}

function Version({ flag, version, before, onReverted }: VersionProps) {
  const styles = useStyles2(getStyles);
  const { refusal } = useMayWrite();
  const [isOpen, setIsOpen] = useState(false);
  const isCurrent = version.version === flag.version;
  const changes = versionChanges(version, before);
  return (
    <article className={styles.version} aria-label={`Version ${version.version}`}>
      <Stack direction="row" gap={1} alignItems="center" wrap="wrap">
        <Text element="h3" variant="h5">
          Version {version.version}
        </Text>
        {isCurrent && <Badge text="current" color="green" />}
        <Badge text={version.revertedTo === null ? version.change : `revert to ${version.revertedTo}`} color="darkgrey" />
        <span className={styles.facts}>
          {byWhom(version.by.name)} <Ago at={version.at} />
          {version.auditSequence !== null && (
            <>
              {' · '}
              <TextLink href={auditEntryUrl(version.auditSequence, flag.key)}>{`audit entry ${version.auditSequence}`}</TextLink>
            </>
          )}
        </span>
        {!isCurrent && (
          <Button size="sm" variant="secondary" icon="history" disabled={refusal !== undefined} tooltip={refusal} aria-label={`Revert to version ${version.version}`} onClick={() => setIsOpen(true)}>
            Revert to this
          </Button>
        )}
      </Stack>
      <Text color="secondary">{version.reason}</Text>
      {changes.length > 0 && <ChangesTable changes={changes} label={`Changes of version ${version.version}`} />}
      {isOpen && <RevertDialog flag={flag} to={version} onClose={() => setIsOpen(false)} onReverted={onReverted} />}
    </article>
  );
}

interface DialogProps {
  readonly flag: FlagDetail;
  readonly to: FlagVersion;
  readonly onClose: () => void;
  readonly onReverted: () => void;
}

function RevertDialog({ flag, to, onClose, onReverted }: DialogProps) {
  const params = { key: flag.key };
  // After a conflict the dialog previews the way back from the newer version; confirming again means that one.
  const [version, setVersion] = useState(flag.version);
  return (
    <ConfirmAction
      title={`Revert ${flag.name} to version ${to.version}`}
      explanation={`Its rules and its state (${to.state}) come back as a new version; everything since stays in the history.`}
      confirmLabel="Revert flag"
      preview={(signal) => call(preview, { params, body: { change: { kind: 'revert', to: to.version } } }, { signal })}
      facts={moveFacts}
      execute={async (body, idempotencyKey) => {
        try {
          return await call(revert, { params, body: { ...body, to: to.version, version } }, { idempotencyKey });
        } catch (error) {
          setVersion(newerFlag(toApiError(error), version)?.version ?? version);
          throw error;
        }
      }}
      onClose={onClose}
      onDone={(result) => {
        onClose();
        const undo = {
          audit: revert.audit,
          label: `${flag.key} as of version ${version}`,
          execute: (body: { reason: string }, idempotencyKey: string) => call(revert, { params, body: { ...body, to: version, version: result.flag.version } }, { idempotencyKey }),
        };
        done(revert.audit, result, onReverted, undo);
      }}
    >
      <ChangesTable changes={definitionChanges(flag.definition, to.definition)} label="What comes back" />
    </ConfirmAction>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  versions: css({ listStyle: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }),
  version: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    padding: theme.spacing(1.5, 2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  facts: css({ flexGrow: 1, color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
});
