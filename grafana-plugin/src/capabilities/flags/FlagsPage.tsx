// The Flags page: what hosts evaluate and what was changed as graphs, the list with its switches below them.
import { useState } from 'react';
import { useLocation } from 'react-router-dom';
import { locationService } from '@grafana/runtime';
import type { EmbeddedScene } from '@grafana/scenes';
import { componentRow, graphPage, panelRow, type PageContext } from '../../platform/scene/page.ts';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { CreateFlagButton } from './CreateFlag.tsx';
import { filtersFromUrl, filtersToUrl } from './filters.ts';
import { FlagsTable } from './FlagsTable.tsx';
import { changes, evaluationsByFlag } from './panels.ts';

const PAGE_SIZE = 50;

/** The list keeps its filters in the URL, so that a view can be sent to a colleague and the back button works. */
function FlagsList({ range }: { range: PageRange }) {
  const filters = filtersFromUrl(useLocation().search);
  const [created, setCreated] = useState(0);
  return (
    <FlagsTable
      filters={filters}
      onFilters={(next) => locationService.partial(filtersToUrl(next), next.q !== filters.q)}
      pageSize={PAGE_SIZE}
      tick={`${range.to} ${created}`}
      actions={<CreateFlagButton onCreated={() => setCreated((count) => count + 1)} />}
    />
  );
}

export const flagsPage = (context: PageContext): EmbeddedScene => graphPage({ from: 'now-1h', rows: [panelRow([evaluationsByFlag, changes], context, 220), componentRow(FlagsList)] });
