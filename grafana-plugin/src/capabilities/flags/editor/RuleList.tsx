// An ordered list of rules: add, remove, move up and down, all by keyboard too. Focus follows a rule that moves, and a
// screen reader hears where it went.
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Text, useStyles2 } from '@grafana/ui';
import { moved, replacedAt, withoutAt } from '../draft.ts';

interface Props<Item extends { id: string }> {
  /** What the list holds, e.g. "Segments". */
  readonly label: string;
  readonly items: readonly Item[];
  /** What one of them is called, e.g. "Segment segment-1". */
  readonly name: (item: Item) => string;
  readonly onChange: (items: Item[]) => void;
  readonly children: (item: Item, index: number, set: (item: Item) => void) => ReactNode;
  readonly disabled?: boolean;
}

type Control = 'up' | 'down';

export function RuleList<Item extends { id: string }>({ label, items, name, onChange, children, disabled }: Props<Item>) {
  const styles = useStyles2(getStyles);
  const list = useRef<HTMLOListElement>(null);
  const [said, setSaid] = useState('');
  const [focus, setFocus] = useState<{ id: string; control: Control }>();

  useEffect(() => {
    if (focus) {
      // A rule that reached an end cannot go on; its other arrow takes the focus then.
      const button = (control: Control) => list.current?.querySelector<HTMLButtonElement>(`[data-move="${focus.id} ${control}"]:not(:disabled)`);
      (button(focus.control) ?? button('up') ?? button('down'))?.focus();
    }
  }, [focus]);

  const move = (index: number, control: Control) => {
    const item = items[index];
    const to = control === 'up' ? index - 1 : index + 1;
    if (!item || to < 0 || to >= items.length) {
      return;
    }
    onChange(moved(items, index, to));
    setSaid(`${name(item)} is now ${to + 1} of ${items.length}.`);
    setFocus({ id: item.id, control });
  };

  const remove = (index: number) => {
    const item = items[index];
    onChange(withoutAt(items, index));
    setSaid(item ? `${name(item)} is removed.` : '');
  };

  const onKeyDown = (event: KeyboardEvent, index: number) => {
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      move(index, event.key === 'ArrowUp' ? 'up' : 'down');
    }
  };

  return (
    <>
      <ol className={styles.list} aria-label={label} ref={list}>
        {items.map((item, index) => (
          <li key={item.id} className={styles.rule} onKeyDown={(event) => onKeyDown(event, index)}>
            <div className={styles.head}>
              <Text weight="medium">{name(item)}</Text>
              <span className={styles.controls}>
                {items.length > 1 && (
                  <>
                    <Move item={item} control="up" name={name(item)} disabled={disabled || index === 0} onClick={() => move(index, 'up')} />
                    <Move item={item} control="down" name={name(item)} disabled={disabled || index === items.length - 1} onClick={() => move(index, 'down')} />
                  </>
                )}
                <Button size="sm" variant="secondary" fill="text" icon="trash-alt" aria-label={`Remove ${name(item)}`} disabled={disabled} onClick={() => remove(index)} />
              </span>
            </div>
            {children(item, index, (changed) => onChange(replacedAt(items, index, changed)))}
          </li>
        ))}
      </ol>
      <div className={styles.said} role="status" aria-live="polite">
        {said}
      </div>
    </>
  );
}

interface MoveProps {
  readonly item: { id: string };
  readonly control: Control;
  readonly name: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

const Move = ({ item, control, name, disabled, onClick }: MoveProps) => (
  <Button
    size="sm"
    variant="secondary"
    fill="text"
    icon={control === 'up' ? 'arrow-up' : 'arrow-down'}
    data-move={`${item.id} ${control}`}
    aria-label={`Move ${name} ${control}`}
    aria-keyshortcuts={control === 'up' ? 'Alt+ArrowUp' : 'Alt+ArrowDown'}
    disabled={disabled}
    onClick={onClick}
  />
);

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }),
  rule: css({ border: `1px solid ${theme.colors.border.weak}`, borderRadius: theme.shape.radius.default, padding: theme.spacing(1, 1.5, 1.5) }),
  head: css({ display: 'flex', alignItems: 'center', justifyContent: 'space-between', marginBottom: theme.spacing(0.5) }),
  controls: css({ display: 'flex' }),
  said: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)', whiteSpace: 'nowrap' }),
});
