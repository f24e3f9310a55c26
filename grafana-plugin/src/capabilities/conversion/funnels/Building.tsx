// A funnel whose past is being worked out, and how far that is.
import { useEffect } from 'react';
import { conversion } from '@admin-center/contracts/conversion';
import { Loaded } from '../../../platform/Loaded.tsx';
import { Empty } from '../../../platform/states.tsx';
import { useApi } from '../../../platform/use-api.ts';
import { percentText } from '../durations.ts';

const LOOK_AGAIN_MS = 2_000;

export function Building({ funnelKey, onBuilt }: { funnelKey: string; onBuilt: () => void }) {
  const result = useApi(conversion.endpoints.getFunnel, { params: { key: funnelKey } });
  const { reload, data } = result;
  const isBuilt = data?.build.builtAt != null;
  useEffect(() => {
    if (isBuilt) {
      onBuilt();
      return;
    }
    const timer = setInterval(reload, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isBuilt, onBuilt, reload]);
  return (
    <Loaded result={result} what="the funnel" compact>
      {({ build, definition }) => (
        <>
          <progress aria-label={`Past of ${definition.name}`} max={1} value={build.progress} />
          <Empty title={`The past of ${definition.name} is being worked out: ${percentText(build.progress)}`} compact>
            Its result is here when all of it is. What happens meanwhile is counted too.
          </Empty>
        </>
      )}
    </Loaded>
  );
}
