// The Conversion page: headline rates, and behind their tabs rates, funnels and experiments.
import type { EmbeddedScene } from '@grafana/scenes';
import { componentRow, graphPage, headlineRow, panelRow, type PageContext } from '../../platform/scene/page.ts';
import { ConversionTabs } from './ConversionTabs.tsx';
import * as panels from './panels.ts';

export const conversionPage = (context: PageContext): EmbeddedScene =>
  graphPage({
    rows: [
      headlineRow([panels.freeToPremium, panels.freeToPremiumMatured, panels.premiumToEnterprise, panels.entered], context),
      componentRow(ConversionTabs),
      panelRow([panels.ratesOverTime, panels.funnelsOverTime], context),
      panelRow([panels.enteredOverTime, panels.timeToConversion], context),
    ],
  });
