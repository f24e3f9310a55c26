// The Configuration page: the connection, the health of each part, how fresh the numbers are, what the adapter found.
import { SceneFlexItem, type EmbeddedScene } from '@grafana/scenes';
import { Guarded } from '../../platform/scene/guarded.tsx';
import { componentRow, graphPage, type PageContext } from '../../platform/scene/page.ts';
import { CollectorsTable } from './CollectorsTable.tsx';
import { Connection } from './Connection.tsx';
import { PartsAndProbes } from './PartsAndProbes.tsx';
import { ProjectKeys } from './ProjectKeys.tsx';

export const configurationPage = (context: PageContext): EmbeddedScene =>
  graphPage({
    from: 'now-1h',
    nowOnly: true,
    rows: [
      componentRow(() => <Connection settings={context.settings} hasToken={context.hasToken} />),
      new SceneFlexItem({ ySizing: 'content', body: new Guarded({ permission: 'core:read', title: 'Collectors', size: 'panel', body: new CollectorsTable({ source: context.source }) }) }),
      componentRow(ProjectKeys),
      componentRow(PartsAndProbes),
    ],
  });
