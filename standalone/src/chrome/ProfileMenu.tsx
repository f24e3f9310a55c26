// Who is signed in and as what, the other theme, and the way out. Both are plain form posts, so they work like any page of the server.
import { css } from '@emotion/css';
import { useLocation } from 'react-router-dom-v5-compat';
import type { GrafanaTheme2 } from '@grafana/data';
import { config } from '@grafana/runtime';
import { Dropdown, Menu, Text, useStyles2 } from '@grafana/ui';

export function ProfileMenu() {
  const styles = useStyles2(getStyles);
  const { pathname, search } = useLocation();
  const { name, login, email, orgRole } = config.bootData.user;
  const otherTheme = config.theme2.isDark ? 'light' : 'dark';
  const menu = () => (
    <Menu
      onOpen={(focusOnItem) => focusOnItem(0)}
      header={
        <div className={styles.who}>
          <Text weight="medium">{name}</Text>
          <Text variant="bodySmall" color="secondary">
            {email}
          </Text>
          <Text variant="bodySmall" color="secondary">
            Role in Grafana: {orgRole}
          </Text>
        </div>
      }
    >
      <Menu.Item
        label={otherTheme === 'light' ? 'Light theme' : 'Dark theme'}
        icon="adjust-circle"
        onClick={() => post('/theme', { theme: otherTheme, returnTo: pathname + search })}
      />
      <Menu.Item label="Sign out" icon="signout" onClick={() => post('/logout', {})} />
    </Menu>
  );
  return (
    <Dropdown overlay={menu} placement="bottom-end">
      <button type="button" className={styles.button} aria-label={`${initials(name || login)}, profile of ${name}`}>
        <span aria-hidden="true" className={styles.initials}>
          {initials(name || login)}
        </span>
      </button>
    </Dropdown>
  );
}

function post(action: string, values: Readonly<Record<string, string>>): void {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = action;
  for (const [name, value] of Object.entries(values)) {
    const input = document.createElement('input');
    input.type = 'hidden';
    input.name = name;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.charAt(0).toUpperCase())
    .slice(0, 2)
    .join('');

const getStyles = (theme: GrafanaTheme2) => ({
  who: css({ display: 'flex', flexDirection: 'column' }),
  button: css({
    padding: 0,
    border: 'none',
    background: 'none',
    borderRadius: theme.shape.radius.circle,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2 },
  }),
  initials: css({
    display: 'grid',
    placeItems: 'center',
    width: 28,
    height: 28,
    borderRadius: theme.shape.radius.circle,
    background: theme.colors.primary.transparent,
    color: theme.colors.text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
  }),
});
