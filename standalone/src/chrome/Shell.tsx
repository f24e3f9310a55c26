// The frame around every page: header, navigation at the left (a drawer on narrow screens), the page, toasts.
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { css, cx } from '@emotion/css';
import { useLocation } from 'react-router-dom-v5-compat';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { Header } from './Header.tsx';
import { HEADER_HEIGHT } from './header-height.ts';
import { Navigation } from './Navigation.tsx';
import { Toasts } from './Toasts.tsx';

const MAIN = 'main-content';

export function Shell({ children }: { children: ReactNode }) {
  const styles = useStyles2(getStyles);
  const { pathname } = useLocation();
  const [open, setOpen] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);

  // Choosing a page closes the drawer; so does Escape, which gives the focus back to the button.
  useEffect(() => setOpen(false), [pathname]);
  useEffect(() => {
    if (!open) {
      return undefined;
    }
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') {
        setOpen(false);
        toggle.current?.focus();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [open]);

  return (
    <div className={styles.shell}>
      <a href={`${pathname}#${MAIN}`} className={styles.skip} onClick={focusMain}>
        Skip to main content
      </a>
      <Header menuOpen={open} onToggleMenu={() => setOpen(!open)} toggleRef={toggle} />
      <div className={styles.columns}>
        {open && <div className={styles.backdrop} onClick={() => setOpen(false)} aria-hidden="true" />}
        <Navigation className={cx(styles.navigation, open && styles.navigationOpen)} />
        <main id={MAIN} className={styles.main} tabIndex={-1}>
          {children}
        </main>
      </div>
      <Toasts />
    </div>
  );
}

function focusMain(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById(MAIN)?.focus();
}

const getStyles = (theme: GrafanaTheme2) => ({
  shell: css({ height: '100%', display: 'flex', flexDirection: 'column', background: theme.colors.background.canvas }),
  columns: css({ flex: 1, minHeight: 0, display: 'flex', position: 'relative' }),
  main: css({ flex: 1, minWidth: 0, overflow: 'auto', outline: 'none' }),
  navigation: css({
    width: 220,
    flexShrink: 0,
    overflow: 'auto',
    background: theme.colors.background.primary,
    borderRight: `1px solid ${theme.colors.border.weak}`,
    [theme.breakpoints.down('md')]: {
      display: 'none',
      position: 'absolute',
      insetBlock: 0,
      left: 0,
      zIndex: theme.zIndex.sidemenu,
    },
  }),
  navigationOpen: css({ [theme.breakpoints.down('md')]: { display: 'block', boxShadow: theme.shadows.z3 } }),
  backdrop: css({
    display: 'none',
    [theme.breakpoints.down('md')]: {
      display: 'block',
      position: 'absolute',
      inset: 0,
      zIndex: theme.zIndex.sidemenu - 1,
      background: theme.components.overlay.background,
    },
  }),
  skip: css({
    position: 'absolute',
    left: theme.spacing(1),
    top: -2 * HEADER_HEIGHT,
    zIndex: theme.zIndex.portal,
    padding: theme.spacing(1, 2),
    background: theme.colors.background.secondary,
    '&:focus-visible': { top: theme.spacing(1) },
  }),
});
