// The Audit page: is the chain intact, how much do admins do, and every entry.
import type { EmbeddedScene } from '@grafana/scenes';
import { componentRow, graphPage, panelRow, type PageContext } from '../../platform/scene/page.ts';
import { Approvals } from './Approvals.tsx';
import { AuditList } from './AuditList.tsx';
import { ChainStatus } from './ChainStatus.tsx';
import * as panels from './panels.ts';

export const auditPage = (context: PageContext): EmbeddedScene =>
  graphPage({
    from: 'now-7d',
    rows: [
      componentRow(ChainStatus),
      componentRow(Approvals),
      panelRow([panels.outcomesInRange, panels.rolesInRange], context, 220),
      componentRow(AuditList),
    ],
  });
