// The Distribution page: where users are and what they use, as of a day; how that changed; how countries are told.
import type { EmbeddedScene } from '@grafana/scenes';
import { componentRow, graphPage, headlineRow, panelRow, type PageContext } from '../../platform/scene/page.ts';
import { DistributionView } from './DistributionView.tsx';
import * as panels from './panels.ts';
import { SeenAddress } from './SeenAddress.tsx';

export const distributionPage = (context: PageContext): EmbeddedScene =>
  graphPage({
    rows: [
      headlineRow([panels.countries, panels.unknownShare, panels.hostingShare, panels.mobileShare], context),
      componentRow(DistributionView),
      panelRow([panels.byCountry, panels.byPlatform], context),
      panelRow([panels.lookups, panels.databaseAge], context, 220),
      componentRow(SeenAddress),
    ],
  });
