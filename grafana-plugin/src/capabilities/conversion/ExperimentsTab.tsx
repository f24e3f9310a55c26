// Experiments: the list of them, or the result of one.
import { conversion } from '@admin-center/contracts/conversion';
import { Button, LinkButton, Stack } from '@grafana/ui';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { pageUrl } from '../../routes.ts';
import type { TabProps } from './ConversionTabs.tsx';
import { ExperimentCard } from './experiments/ExperimentCard.tsx';
import { ExperimentsTable } from './experiments/ExperimentsTable.tsx';

export function ExperimentsTab({ view, onView, range }: TabProps) {
  if (view.experiment !== '') {
    return (
      <Stack direction="column" gap={1}>
        <div>
          <Button size="sm" variant="secondary" fill="text" icon="arrow-left" onClick={() => onView({ experiment: '' })}>
            All experiments
          </Button>
        </div>
        <ExperimentCard flag={view.experiment} tick={range} />
      </Stack>
    );
  }
  return <Experiments tick={range} />;
}

function Experiments({ tick }: { tick: unknown }) {
  const result = useApi(conversion.endpoints.experiments, {});
  useReload(result.reload, tick);
  return (
    <Loaded result={result} what="experiments">
      {({ items }, busy) =>
        items.length === 0 ? (
          <Empty title="No experiment has been started yet" actions={<LinkButton href={pageUrl('flags')}>Plan one on a flag</LinkButton>}>
            An experiment divides the users of a flag between its variants. What it does to them is shown here.
          </Empty>
        ) : (
          <ExperimentsTable experiments={items} busy={busy} />
        )
      }
    </Loaded>
  );
}
