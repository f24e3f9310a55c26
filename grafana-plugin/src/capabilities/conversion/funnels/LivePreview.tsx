// What the funnel in the editor would give for the last days, asked for when typing pauses.
import { conversion } from '@admin-center/contracts/conversion';
import type { FunnelDefinition } from '@admin-center/contracts/conversion-funnels';
import { Alert, Stack, Text } from '@grafana/ui';
import { formatCount } from '../../../platform/format.ts';
import { Loaded } from '../../../platform/Loaded.tsx';
import { Empty } from '../../../platform/states.tsx';
import { useApi } from '../../../platform/use-api.ts';
import { useDebounced } from '../../flags/use-debounced.ts';
import { FunnelBars } from './FunnelBars.tsx';

const PAUSE_MS = 500;
const DAYS = 7;

export function LivePreview({ definition }: { definition: FunnelDefinition | undefined }) {
  const text = definition === undefined ? undefined : JSON.stringify({ ...definition, name: '-', description: '', breakdown: 'none' });
  const settled = useDebounced(text, PAUSE_MS);
  const asked = settled === undefined ? undefined : (JSON.parse(settled) as FunnelDefinition);
  const result = useApi(conversion.endpoints.previewFunnel, asked === undefined ? null : { body: { definition: asked, days: DAYS } });
  return (
    <section aria-label="Preview">
      <Stack direction="column" gap={1}>
        <Text element="h3" variant="h6">{`Preview: who entered in the last ${DAYS} days`}</Text>
        {asked === undefined ? (
          <Empty title="The preview comes when every step has an event" compact />
        ) : (
          <Loaded result={result} what="the preview" compact>
            {({ total, unknownEvents }) => (
              <Stack direction="column" gap={1}>
                {unknownEvents.length > 0 && <Alert severity="info" title={`Nothing was called so in the last 30 days: ${unknownEvents.join(', ')}`} bottomSpacing={0} />}
                {total.entered === 0 ? (
                  <Empty title="Nobody entered" compact />
                ) : (
                  <>
                    <Text color="secondary" variant="bodySmall">{`${formatCount(total.entered)} entered, ${formatCount(total.converted)} converted, ${formatCount(total.pending)} pending, ${formatCount(total.dropped)} dropped out`}</Text>
                    <FunnelBars definition={asked} group={total} />
                  </>
                )}
              </Stack>
            )}
          </Loaded>
        )}
      </Stack>
    </section>
  );
}
