// The bar at the top: menu button (narrow screens), the app, where one is, what this page is, and who is signed in.
import type { RefObject } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, IconButton, useStyles2 } from '@grafana/ui';
import { Breadcrumbs } from './Breadcrumbs.tsx';
import { HEADER_HEIGHT } from './header-height.ts';
import { appNav } from './navigation.ts';
import { ProfileMenu } from './ProfileMenu.tsx';

interface HeaderProps {
  readonly menuOpen: boolean;
  readonly onToggleMenu: () => void;
  readonly toggleRef: RefObject<HTMLButtonElement | null>;
}

export function Header({ menuOpen, onToggleMenu, toggleRef }: HeaderProps) {
  const styles = useStyles2(getStyles);
  const { img, text, url } = appNav();
  return (
    <header className={styles.header}>
      <div className={styles.toggle}>
        <IconButton
          ref={toggleRef}
          name="bars"
          size="lg"
          aria-label={menuOpen ? 'Close menu' : 'Open menu'}
          aria-expanded={menuOpen}
          onClick={onToggleMenu}
        />
      </div>
      <a href={url} className={styles.brand}>
        <img src={img} alt="" width={24} height={24} />
        <span>{text}</span>
      </a>
      <Breadcrumbs />
      <div className={styles.badge}>
        <Badge
          color="darkgrey"
          text="Standalone shell"
          tooltip="The plugin's own build, shown without a Grafana server. Dashboards, alerting and Explore need Grafana."
        />
      </div>
      <ProfileMenu />
    </header>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  header: css({
    height: HEADER_HEIGHT,
    flexShrink: 0,
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    padding: theme.spacing(0, 2),
    background: theme.colors.background.primary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  toggle: css({ display: 'none', [theme.breakpoints.down('md')]: { display: 'block' } }),
  brand: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    flexShrink: 0,
    fontWeight: theme.typography.fontWeightMedium,
    [theme.breakpoints.up('md')]: { width: 220 - 16 },
    [theme.breakpoints.down('sm')]: { '& span': { display: 'none' } },
  }),
  badge: css({ marginLeft: 'auto', [theme.breakpoints.down('sm')]: { display: 'none' } }),
});
