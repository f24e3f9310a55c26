// The page a plugin renders itself in: title, subtitle, actions and tabs, with Grafana's props and nothing more.
import { useEffect } from 'react';
import { css } from '@emotion/css';
import { useLocation } from 'react-router-dom-v5-compat';
import { PageLayoutType, type GrafanaTheme2, type NavModelItem } from '@grafana/data';
import type { PluginPageProps } from '@grafana/runtime';
import { Tab, TabsBar, Text, useStyles2 } from '@grafana/ui';
import { showBreadcrumbs } from './breadcrumbs-store.ts';
import { activePage, appNav } from './navigation.ts';

export function PluginPage({
  children,
  pageNav,
  actions,
  subTitle,
  renderTitle,
  info,
  layout = PageLayoutType.Standard,
}: PluginPageProps) {
  const styles = useStyles2(getStyles);
  const { pathname } = useLocation();
  const page = pageNav ?? activePage(pathname) ?? appNav();
  useEffect(() => {
    showBreadcrumbs(page);
    document.title = `${page.text} - ${appNav().text}`;
  }, [page]);

  if (layout === PageLayoutType.Custom) {
    return <>{children}</>;
  }
  return (
    <div className={styles.page}>
      {layout === PageLayoutType.Standard && (
        <div className={styles.head}>
          <div className={styles.titles}>
            {renderTitle === undefined ? <Text element="h1">{page.text}</Text> : renderTitle(page.text)}
            <SubTitle own={subTitle} page={page} />
          </div>
          {info?.map(({ label, value }) => (
            <div key={label}>
              <Text variant="bodySmall" color="secondary">
                {label}
              </Text>
              <div>{value}</div>
            </div>
          ))}
          {actions !== undefined && <div className={styles.actions}>{actions}</div>}
        </div>
      )}
      {layout === PageLayoutType.Standard && page.children !== undefined && pageNav !== undefined && (
        <Tabs items={page.children} />
      )}
      <div className={styles.body}>{children}</div>
    </div>
  );
}

function SubTitle({ own, page }: { own: PluginPageProps['subTitle']; page: NavModelItem }) {
  const text = own ?? page.subTitle;
  return text === undefined || text === '' ? null : (
    <Text element="p" color="secondary">
      {text}
    </Text>
  );
}

const Tabs = ({ items }: { items: readonly NavModelItem[] }) => (
  <TabsBar>
    {items
      .filter(({ hideFromTabs }) => hideFromTabs !== true)
      .map(({ text, url, active, icon }) => (
        <Tab
          key={url ?? text}
          label={text}
          active={active ?? false}
          {...(url === undefined ? {} : { href: url })}
          {...(icon === undefined ? {} : { icon })}
        />
      ))}
  </TabsBar>
);

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({
    minHeight: '100%',
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(2),
    padding: theme.spacing(3),
    [theme.breakpoints.down('md')]: { padding: theme.spacing(2) },
  }),
  head: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: theme.spacing(1, 3) }),
  titles: css({ flex: '1 1 240px', minWidth: 0, '& p': { margin: 0 } }),
  actions: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1) }),
  body: css({ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }),
});
