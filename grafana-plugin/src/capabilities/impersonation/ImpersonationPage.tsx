// The Impersonation page: who is looked at now, what was refused, what happened before, and the rules. A link of a panel
// opens the request with the user and the panel filled in.
import { useState } from 'react';
import { useLocation } from 'react-router-dom';
import { uuid } from '@admin-center/contracts/fields';
import { locationService } from '@grafana/runtime';
import { PanelChrome } from '@grafana/ui';
import type { EmbeddedScene } from '@grafana/scenes';
import { componentRow, graphPage, panelRow, type PageContext } from '../../platform/scene/page.ts';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { ActionTable } from './ActionTable.tsx';
import { ActiveSessions } from './ActiveSessions.tsx';
import { ConsentRules } from './ConsentRules.tsx';
import { NO_REQUEST, requestFromUrl } from './context.ts';
import { History } from './History.tsx';
import * as panels from './panels.ts';
import { RequestButton } from './RequestButton.tsx';
import { SessionDrawer } from './SessionDrawer.tsx';

const openReport = (sessionId: string | null) => locationService.partial({ session: sessionId });

export function Now({ range }: { range: PageRange }) {
  const { search } = useLocation();
  const session = uuid.safeParse(new URLSearchParams(search).get('session'));
  // As the link said it when it was opened: the page's own time range moves on in the URL.
  const [linked] = useState(() => requestFromUrl(search));
  const request = <RequestButton opened={linked} onClosed={() => locationService.partial(NO_REQUEST, true)} />;
  return (
    <PanelChrome title="Sessions under way" actions={request} padding="none">
      <ActiveSessions tick={range.to} onOpen={openReport} />
      {session.success && <SessionDrawer sessionId={session.data} tick={range.to} onClose={() => openReport(null)} />}
    </PanelChrome>
  );
}

const Before = ({ range }: { range: PageRange }) => <History tick={range.to} onOpen={openReport} />;

export const impersonationPage = (context: PageContext): EmbeddedScene =>
  graphPage({
    from: 'now-7d',
    rows: [componentRow(Now), panelRow([panels.sessions, panels.sessionsOver, panels.blockedActions], context, 220), componentRow(Before), componentRow(ConsentRules), componentRow(ActionTable)],
  });
