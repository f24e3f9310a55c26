// What came of one experiment: the verdict, what speaks against believing it, the effects, and how they came about.
import { useId, useState } from 'react';
import { conversion } from '@admin-center/contracts/conversion';
import type { ExperimentResult } from '@admin-center/contracts/conversion-experiments';
import { Alert, Button, Combobox, InlineSwitch, PanelChrome, Stack, Text, TextLink, type AlertVariant } from '@grafana/ui';
import { csvName, toCsv } from '../../../platform/csv.ts';
import { download } from '../../../platform/download.ts';
import { Loaded } from '../../../platform/Loaded.tsx';
import { formatInstant } from '../../../platform/time.tsx';
import { useApi } from '../../../platform/use-api.ts';
import { useReload } from '../../../platform/use-reload.ts';
import { flagUrl } from '../../../routes.ts';
import { RunBadge, VerdictBadge } from './badges.tsx';
import { Breakdown } from './Breakdown.tsx';
import { Effects } from './Effects.tsx';
import { ExperimentFacts } from './ExperimentFacts.tsx';
import { IntervalChart } from './IntervalChart.tsx';
import { MODES } from './words.ts';

export function ExperimentCard({ flag, tick, compact }: { flag: string; tick?: unknown; compact?: boolean }) {
  const [run, setRun] = useState<number>();
  const result = useApi(conversion.endpoints.experiment, { params: { flag }, query: { run } });
  useReload(result.reload, tick);
  return (
    <Loaded result={result} what="the experiment" compact={compact}>
      {(answer) => <Card result={answer} onRun={setRun} compact={compact} />}
    </Loaded>
  );
}

const SEVERITIES: Partial<Record<ExperimentResult['verdict']['state'], AlertVariant>> = { mismatch: 'error', blocked: 'error', not_computable: 'warning' };

function Card({ result, onRun, compact }: { result: ExperimentResult; onRun: (run: number) => void; compact?: boolean }) {
  const { flag, name, state, verdict, hypothesis, mode, run, runs, cuped, variants, control, metric, days } = result;
  const [wantsAdjusted, setWantsAdjusted] = useState(true);
  const treatments = variants.filter(({ isControl }) => !isControl).map(({ variant }) => variant);
  const [chosen, setChosen] = useState('');
  const charted = treatments.includes(chosen) ? chosen : (treatments[0] ?? '');
  const switchId = useId();
  const isAdjusted = cuped !== null && wantsAdjusted;
  return (
    <Stack direction="column" gap={1}>
      <PanelChrome
        title={name}
        titleItems={
          <Stack gap={1}>
            <RunBadge state={state} />
            <VerdictBadge verdict={verdict} />
          </Stack>
        }
        actions={<TextLink href={flagUrl(flag)}>Flag</TextLink>}
      >
        <Stack direction="column" gap={2}>
          <Alert severity={SEVERITIES[verdict.state] ?? 'info'} title={verdict.text} bottomSpacing={0} />
          {!compact && <Text color="secondary">{hypothesis}</Text>}
          <ExperimentFacts result={result} />
          <Stack direction="row" gap={2} alignItems="center" wrap="wrap">
            <Text color="secondary">
              {metric.description}. {MODES[mode]}
            </Text>
            {cuped !== null && <InlineSwitch id={switchId} label="Take out what was before (CUPED)" showLabel transparent value={wantsAdjusted} onChange={({ currentTarget }) => setWantsAdjusted(currentTarget.checked)} />}
            {!compact && runs.length > 1 && (
              <Combobox<number> aria-label="Run" width={34} options={runs.map((each) => ({ value: each.run, label: `Run ${each.run}, ${formatInstant(each.startedAt)}` }))} value={run} onChange={({ value }) => onRun(value)} />
            )}
          </Stack>
          <Effects result={result} adjusted={isAdjusted} linked={!compact} />
        </Stack>
      </PanelChrome>
      {!compact && metric.kind !== null && (
        <PanelChrome title={`Difference to ${control}, day by day`} actions={<Export result={result} />}>
          <Stack direction="column" gap={1}>
            {treatments.length > 1 && <Combobox<string> aria-label="Variant" width={24} options={treatments.map((value) => ({ value, label: value }))} value={charted} onChange={({ value }) => setChosen(value)} />}
            <IntervalChart days={days} variant={charted} metric={metric} />
          </Stack>
        </PanelChrome>
      )}
      {!compact && <Breakdown result={result} />}
    </Stack>
  );
}

function Export({ result: { name, days } }: { result: ExperimentResult }) {
  const save = () =>
    download(
      csvName(`Experiment ${name}`),
      toCsv(
        ['day', 'variant', 'users', 'mean', 'difference', 'lower', 'upper'],
        days.flatMap(({ day, variants }) => variants.map(({ variant, users, mean, difference }) => [day, variant, users, mean, difference?.point, difference?.lower, difference?.upper]))
      ),
      'text/csv'
    );
  return (
    <Button size="sm" variant="secondary" icon="download-alt" onClick={save}>
      Export CSV
    </Button>
  );
}
