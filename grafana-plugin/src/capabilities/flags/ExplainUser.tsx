// Why one user is served what they are, rule by rule, by the rules as they are being edited.
import { css } from '@emotion/css';
import { useId, useState } from 'react';
import { flags } from '@admin-center/contracts/flags';
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import { users } from '@admin-center/contracts/users';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, Combobox, Field, Icon, Input, Stack, Text, useStyles2, type ComboboxOption } from '@grafana/ui';
import { call } from '../../platform/api.ts';
import { words } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useDebounced } from './use-debounced.ts';

const PAUSE_MS = 400;
const SUGGESTIONS = 20;

/** "country=DE, appVersion=2.4" */
export function readAttributes(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split('='));
  return Object.fromEntries(pairs.flatMap(([name = '', ...rest]) => (name.trim() !== '' && rest.length > 0 ? [[name.trim(), rest.join('=').trim()]] : [])));
}

/** Users by a part of their e-mail or name, as one types. */
export async function findUsers(input: string): Promise<Array<ComboboxOption<string>>> {
  const { items } = await call(users.endpoints.list, { query: { q: input.trim() || undefined, limit: SUGGESTIONS, sort: 'lastSeenAt' } });
  return items.map(({ id, email, name, tier }) => ({ value: id, label: email, description: [name, tier].filter(Boolean).join(', ') }));
}

interface Props {
  readonly flagKey: string;
  /** The draft, where it is valid; else the stored rules are asked. */
  readonly definition: FlagDefinition | undefined;
}

export function ExplainUser({ flagKey, definition }: Props) {
  const ids = { user: useId(), attributes: useId() };
  const [user, setUser] = useState<ComboboxOption<string> | null>(null);
  const [attributes, setAttributes] = useState('');
  return (
    <Stack direction="column" gap={1}>
      <Field label="User" htmlFor={ids.user} noMargin>
        <Combobox<string> id={ids.user} aria-label="User to explain" placeholder="E-mail or name" options={findUsers} value={user} isClearable onChange={setUser} />
      </Field>
      <Field label="What the host would send besides" description="For example appVersion=2.4.0, country=DE" htmlFor={ids.attributes} noMargin>
        <Input id={ids.attributes} value={attributes} onChange={({ currentTarget }) => setAttributes(currentTarget.value)} />
      </Field>
      {(user || attributes.includes('=')) && <Explanation flagKey={flagKey} userId={user?.value} attributes={attributes} definition={definition} />}
    </Stack>
  );
}

interface ExplanationProps extends Props {
  readonly userId: string | undefined;
  readonly attributes: string;
}

function Explanation({ flagKey, userId, attributes, definition }: ExplanationProps) {
  const styles = useStyles2(getStyles);
  const question = useDebounced(JSON.stringify({ userId, context: readAttributes(attributes), definition }), PAUSE_MS);
  const result = useApi(flags.endpoints.explain, { params: { key: flagKey }, body: JSON.parse(question) as { userId?: string } });
  return (
    <Loaded result={result} what="the explanation" compact>
      {({ variant, reason, bucket, trace }, busy) => (
        <div className={styles.answer} aria-busy={busy} role="status" aria-live="polite">
          <Stack direction="row" gap={1} alignItems="center" wrap="wrap">
            <Text>Served</Text>
            <Badge color={variant === null ? 'red' : 'blue'} text={variant ?? 'nothing'} />
            <Text color="secondary">{words(reason.toLowerCase())}</Text>
            {bucket !== null && <Text color="secondary">bucket {bucket}</Text>}
          </Stack>
          <ol aria-label="Rules in the order they were tried">
            {trace.map(({ step, matched, text }) => (
              <li key={step}>
                <Icon name={matched ? 'check-circle' : 'circle'} className={matched ? styles.matched : styles.missed} />
                <span>
                  <strong>{step}</strong> {text}
                </span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </Loaded>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  answer: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    ol: { listStyle: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5) },
    li: { display: 'flex', gap: theme.spacing(1), fontSize: theme.typography.bodySmall.fontSize, color: theme.colors.text.secondary, overflowWrap: 'anywhere' },
    strong: { fontWeight: theme.typography.fontWeightMedium, color: theme.colors.text.primary },
  }),
  matched: css({ flexShrink: 0, color: theme.colors.success.text }),
  missed: css({ flexShrink: 0, color: theme.colors.text.disabled }),
});
