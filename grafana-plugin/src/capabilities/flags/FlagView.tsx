// Loads the flag a tab is about and shows its header; a key that is no flag says so.
import { useEffect, type ReactNode } from 'react';
import { flags, type FlagDetail } from '@admin-center/contracts/flags';
import { LinkButton, Stack } from '@grafana/ui';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { pageUrl } from '../../routes.ts';
import { FlagHeader } from './FlagHeader.tsx';

interface Props {
  readonly flagKey: string;
  readonly onLoaded?: (flag: FlagDetail) => void;
  /** Changes with each refresh of the page. */
  readonly tick?: unknown;
  readonly children?: (flag: FlagDetail, reload: () => void) => ReactNode;
}

export function FlagView({ flagKey, onLoaded, tick, children }: Props) {
  const result = useApi(flags.endpoints.get, { params: { key: flagKey } });
  useReload(result.reload, tick);
  const flag = result.data;
  useEffect(() => {
    if (flag) {
      onLoaded?.(flag);
    }
  }, [flag, onLoaded]);
  if (result.status === 'failed' && (result.error.kind === 'missing' || result.error.kind === 'invalid')) {
    return (
      <Empty title="There is no such flag" actions={<LinkButton href={pageUrl('flags')}>All flags</LinkButton>}>
        The key is wrong, or the flag was never created.
      </Empty>
    );
  }
  return (
    <Loaded result={result} what="the flag">
      {(loaded) => (
        <Stack direction="column" gap={2}>
          <FlagHeader flag={loaded} onChanged={result.reload} />
          {children?.(loaded, result.reload)}
        </Stack>
      )}
    </Loaded>
  );
}
