// The Impersonation page: who is looked at now, what was refused, what happened before, and the rules. A link of a panel
// opens the request with the user and the panel filled in.
import { useState } from 'react';
import { useLocation } from 'react-router-dom';
import { uuid } from '@admin-center/contracts/fields';
import { locationService } from '@grafana/runtime';
import { Button, PanelChrome } from '@grafana/ui';
import type { EmbeddedScene } from '@grafana/scenes';
import { roleNames, rolesWith, useMe } from '../../platform/me.tsx';
import { componentRow, graphPage, panelRow, type PageContext } from '../../platform/scene/page.ts';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { ActionTable } from './ActionTable.tsx';
import { ActiveSessions } from './ActiveSessions.tsx';
import { NO_REQUEST, requestFromUrl, type LinkedRequest } from './context.ts';
import { History } from './History.tsx';
import * as panels from './panels.ts';
import { RequestDrawer } from './RequestDrawer.tsx';
import { SessionDrawer } from './SessionDrawer.tsx';

const PERMISSION = 'impersonation:write';
const openReport = (sessionId: string | null) => locationService.partial({ session: sessionId });

export function Now({ range }: { range: PageRange }) {
  const { search } = useLocation();
  const session = uuid.safeParse(new URLSearchParams(search).get('session'));
  return (
    <PanelChrome title="Sessions under way" actions={<RequestButton />} padding="none">
      <ActiveSessions tick={range.to} onOpen={openReport} />
      {session.success && <SessionDrawer sessionId={session.data} tick={range.to} onClose={() => openReport(null)} />}
    </PanelChrome>
  );
}

function RequestButton() {
  const { search } = useLocation();
  const { can } = useMe();
  // As the link said it when it was opened: the page's own time range moves on in the URL.
  const [linked] = useState(() => requestFromUrl(search));
  const [open, setOpen] = useState<{ linked: LinkedRequest | undefined } | undefined>(() => linked && { linked });
  const allowed = can(PERMISSION);
  const close = () => {
    setOpen(undefined);
    locationService.partial(NO_REQUEST, true);
  };
  return (
    <>
      <Button size="sm" icon="user" disabled={!allowed} tooltip={allowed ? undefined : `Needs the role ${roleNames(rolesWith(PERMISSION))}`} onClick={() => setOpen({ linked: undefined })}>
        Impersonate a user
      </Button>
      {allowed && open && <RequestDrawer linked={open.linked} onClose={close} />}
    </>
  );
}

const Before = ({ range }: { range: PageRange }) => <History range={range} onOpen={openReport} />;

export const impersonationPage = (context: PageContext): EmbeddedScene =>
  graphPage({
    from: 'now-7d',
    rows: [componentRow(Now), panelRow([panels.sessions, panels.sessionsOver, panels.blockedActions], context, 220), componentRow(Before), componentRow(ActionTable)],
  });
