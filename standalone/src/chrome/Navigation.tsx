// The pages of the app that this person may open.
import { css, cx } from '@emotion/css';
import { useLocation } from 'react-router-dom-v5-compat';
import { toIconName, type GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import { activePage, appNav } from './navigation.ts';

export function Navigation({ className }: { className: string }) {
  const styles = useStyles2(getStyles);
  const { pathname } = useLocation();
  const active = activePage(pathname);
  return (
    <nav aria-label="Pages" className={className}>
      <ul className={styles.list}>
        {(appNav().children ?? []).map((page) => {
          const icon = toIconName(page.icon ?? '');
          const current = page === active;
          return (
            <li key={page.url}>
              <a
                href={page.url}
                aria-current={current ? 'page' : undefined}
                className={cx(styles.link, current && styles.current)}
              >
                {icon !== undefined && <Icon name={icon} />}
                {page.text}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', margin: 0, padding: theme.spacing(1) }),
  link: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.75, 1),
    borderRadius: theme.shape.radius.default,
    color: theme.colors.text.secondary,
    '&:hover': { background: theme.colors.action.hover, color: theme.colors.text.primary },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
  }),
  current: css({
    background: theme.colors.action.selected,
    color: theme.colors.text.primary,
    boxShadow: `inset 3px 0 0 ${theme.colors.primary.main}`,
  }),
});
