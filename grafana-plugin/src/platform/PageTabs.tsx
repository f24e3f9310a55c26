// A bar of tabs over what the open one shows. Which is open is in the URL, so that a link can name it.
import type { ReactNode } from 'react';
import { Stack, Tab, TabContent, TabsBar } from '@grafana/ui';

interface Props<Name extends string> {
  /** In the order they are shown. */
  readonly tabs: ReadonlyArray<{ readonly name: Name; readonly label: string }>;
  readonly open: Name;
  readonly onOpen: (name: Name) => void;
  readonly children: ReactNode;
}

export function PageTabs<Name extends string>({ tabs, open, onOpen, children }: Props<Name>) {
  return (
    <Stack direction="column" gap={2}>
      <TabsBar>
        {tabs.map(({ name, label }) => (
          <Tab key={name} label={label} active={name === open} onChangeTab={() => onOpen(name)} />
        ))}
      </TabsBar>
      <TabContent>{children}</TabContent>
    </Stack>
  );
}
