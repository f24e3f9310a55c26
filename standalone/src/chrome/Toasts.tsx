// Toasts for the four alert events of the app event bus. They leave by themselves, errors later than the rest.
import { useEffect, useState } from 'react';
import { css } from '@emotion/css';
import { AppEvents, type AppEvent, type GrafanaTheme2 } from '@grafana/data';
import { Alert, Portal, useStyles2, type AlertVariant } from '@grafana/ui';
import { appEvents } from '../app-events.ts';
import { HEADER_HEIGHT } from './header-height.ts';

const SHOWN_MS: Readonly<Record<AlertVariant, number>> = { success: 5_000, info: 5_000, warning: 8_000, error: 12_000 };
const MAX_SHOWN = 4;

interface Toast {
  readonly id: number;
  readonly severity: AlertVariant;
  readonly title: string;
  readonly text: string | undefined;
}

/** Events carry `[title, text?, trace id?]`, or a lone value from older callers. */
function toToast(id: number, severity: AlertVariant, payload: unknown): Toast {
  const [title, text] = Array.isArray(payload) ? (payload as unknown[]) : [payload];
  return {
    id,
    severity,
    title: messageOf(title),
    text: text === undefined || text === '' ? undefined : messageOf(text),
  };
}

const messageOf = (value: unknown): string => (value instanceof Error ? value.message : String(value));

export function Toasts() {
  const styles = useStyles2(getStyles);
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const remove = (id: number): void => setToasts((shown) => shown.filter((toast) => toast.id !== id));

  useEffect(() => {
    let count = 0;
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const listen = (event: AppEvent<unknown[]> | AppEvent<unknown>, severity: AlertVariant) => {
      const show = (payload: unknown): void => {
        const toast = toToast((count += 1), severity, payload);
        setToasts((shown) => [...shown, toast].slice(-MAX_SHOWN));
        timers.add(setTimeout(() => remove(toast.id), SHOWN_MS[severity]));
      };
      appEvents.on(event, show);
      return () => appEvents.off(event, show);
    };
    const stops = [
      listen(AppEvents.alertSuccess, 'success'),
      listen(AppEvents.alertInfo, 'info'),
      listen(AppEvents.alertWarning, 'warning'),
      listen(AppEvents.alertError, 'error'),
    ];
    return () => {
      stops.forEach((stop) => stop());
      timers.forEach(clearTimeout);
    };
  }, []);

  return (
    <Portal>
      <div className={styles.toasts} role="log" aria-label="Notifications">
        {toasts.map(({ id, severity, title, text }) => (
          <Alert key={id} severity={severity} title={title} elevated onRemove={() => remove(id)}>
            {text}
          </Alert>
        ))}
      </div>
    </Portal>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  toasts: css({
    position: 'fixed',
    top: HEADER_HEIGHT + 8,
    right: theme.spacing(2),
    zIndex: theme.zIndex.portal,
    width: `min(400px, calc(100vw - ${theme.spacing(4)}))`,
  }),
});
