// The bar that says what is unsaved, and the dialog that saves it: the difference, who is touched by it, why. A flag that
// somebody else saved meanwhile is shown with their changes, and one's own can be done again on top.
import { css } from '@emotion/css';
import { useState } from 'react';
import { flags, type FlagDetail } from '@admin-center/contracts/flags';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, Stack, Text, useStyles2 } from '@grafana/ui';
import { toApiError } from '../../platform/api-error.ts';
import { call } from '../../platform/api.ts';
import { ConfirmAction } from '../../platform/ConfirmAction.tsx';
import { done } from '../../platform/done.ts';
import { byWhom, plural } from '../../platform/format.ts';
import { ChangesTable } from '../audit/ChangesTable.tsx';
import type { Problems } from './draft.ts';
import type { Editing } from './draft-store.ts';
import { moveFacts } from './moves.ts';
import { definitionChanges, newerFlag } from './versions.ts';

interface Props {
  readonly flag: FlagDetail;
  readonly editing: Editing;
  readonly problems: Problems;
  readonly onSaved: () => void;
}

const { preview, update, revert } = flags.endpoints;

export function SaveBar({ flag, editing, problems, onSaved }: Props) {
  const styles = useStyles2(getStyles);
  const [isOpen, setIsOpen] = useState(false);
  const [refusedBy, setRefusedBy] = useState<FlagDetail>();
  const [contested, setContested] = useState<readonly string[]>([]);
  const newer = [flag, refusedBy].find((each) => each !== undefined && each.version > editing.version);
  if (!editing.isDirty) {
    return null;
  }
  const count = definitionChanges(editing.base, editing.draft).length;
  return (
    <>
      {newer && <Overtaken newer={newer} editing={editing} onRedo={() => setContested(editing.redo(newer))} />}
      {contested.length > 0 && (
        <Alert severity="info" title={`Both of you changed: ${contested.join(', ')}`} bottomSpacing={0} onRemove={() => setContested([])}>
          Yours is in the editor and would replace theirs.
        </Alert>
      )}
      <div className={styles.bar} role="region" aria-label="Unsaved changes">
        <Text weight="medium">{plural(count, 'unsaved change')}</Text>
        {problems.count > 0 && <Text color="error">{plural(problems.count, 'field')} to correct</Text>}
        <span className={styles.space} />
        <Button variant="secondary" fill="text" onClick={editing.discard}>
          Discard
        </Button>
        <Button disabled={problems.count > 0 || newer !== undefined} onClick={() => setIsOpen(true)}>
          Review and save
        </Button>
      </div>
      {isOpen && (
        <SaveDialog
          flag={flag}
          editing={editing}
          onClose={() => setIsOpen(false)}
          onSaved={onSaved}
          onOvertaken={(current) => {
            setIsOpen(false);
            setRefusedBy(current);
          }}
        />
      )}
    </>
  );
}

interface DialogProps extends Omit<Props, 'problems'> {
  readonly onClose: () => void;
  readonly onOvertaken: (current: FlagDetail) => void;
}

function SaveDialog({ flag, editing, onClose, onSaved, onOvertaken }: DialogProps) {
  const { draft, base, version, discard } = editing;
  const params = { key: flag.key };
  return (
    <ConfirmAction
      title={`Save ${flag.name}`}
      explanation={flag.state === 'on' ? 'The rules take effect within a second on every host.' : `The flag is ${flag.state}: the rules count once it is turned on.`}
      confirmLabel="Save flag"
      preview={(signal) => call(preview, { params, body: { change: { kind: 'update', definition: draft } } }, { signal })}
      facts={moveFacts}
      execute={async (body, idempotencyKey) => {
        try {
          return await call(update, { params, body: { ...body, definition: draft, version } }, { idempotencyKey });
        } catch (error) {
          const current = newerFlag(toApiError(error), version);
          if (current) {
            onOvertaken(current);
          }
          throw error;
        }
      }}
      onClose={onClose}
      onDone={(result) => {
        onClose();
        discard();
        const undo = {
          audit: revert.audit,
          label: `${flag.key} as of version ${version}`,
          execute: (body: { reason: string }, idempotencyKey: string) => call(revert, { params, body: { ...body, to: version, version: result.flag.version } }, { idempotencyKey }),
        };
        done(update.audit, result, onSaved, undo);
      }}
    >
      <ChangesTable changes={definitionChanges(base, draft)} label="What you change" />
    </ConfirmAction>
  );
}

function Overtaken({ newer, editing, onRedo }: { newer: FlagDetail; editing: Editing; onRedo: () => void }) {
  return (
    <Alert severity="warning" title={`${byWhom(newer.updatedBy.name)} saved version ${newer.version} while you were editing version ${editing.version}`} bottomSpacing={0}>
      <Stack direction="column" gap={1}>
        <ChangesTable changes={definitionChanges(editing.base, newer.definition)} label="What they changed" />
        <Stack direction="row" gap={1}>
          <Button size="sm" onClick={onRedo}>
            Redo my changes on top
          </Button>
          <Button size="sm" variant="secondary" onClick={editing.discard}>
            Discard mine
          </Button>
        </Stack>
      </Stack>
    </Alert>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    position: 'sticky',
    bottom: 0,
    zIndex: theme.zIndex.navbarFixed,
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(2),
    padding: theme.spacing(1, 2),
    background: theme.colors.background.elevated ?? theme.colors.background.secondary,
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z2,
  }),
  space: css({ flexGrow: 1 }),
});
