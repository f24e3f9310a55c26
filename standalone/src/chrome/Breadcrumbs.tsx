// Where one is: the app, the pages above, the page itself.
import { Fragment } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { useBreadcrumbs } from './breadcrumbs-store.ts';
import { appNav } from './navigation.ts';

export function Breadcrumbs() {
  const styles = useStyles2(getStyles);
  const { text, url } = appNav();
  const trail = [{ text, url }, ...useBreadcrumbs()];
  return (
    <nav aria-label="Breadcrumbs" className={styles.nav}>
      <ol className={styles.list}>
        {trail.map((crumb, index) => (
          <Fragment key={`${crumb.url}${crumb.text}`}>
            {index > 0 && (
              <li aria-hidden="true" className={styles.separator}>
                /
              </li>
            )}
            <li className={styles.crumb}>
              {index === trail.length - 1 || crumb.url === undefined ? (
                <span aria-current="page">{crumb.text}</span>
              ) : (
                <a href={crumb.url}>{crumb.text}</a>
              )}
            </li>
          </Fragment>
        ))}
      </ol>
    </nav>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  nav: css({ minWidth: 0, flex: '0 1 auto' }),
  list: css({
    display: 'flex',
    gap: theme.spacing(1),
    listStyle: 'none',
    margin: 0,
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
  }),
  separator: css({ color: theme.colors.text.disabled }),
  crumb: css({
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    '&:last-child': { color: theme.colors.text.primary },
    '& a:hover': { textDecoration: 'underline' },
  }),
});
