// What makes a user active now, as the API says it.
import { engagement } from '@admin-center/contracts/engagement';
import { Loaded } from '../../platform/Loaded.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { DefinedBy } from './DefinedBy.tsx';

const { definitions } = engagement.endpoints;
const EVERYTHING = {};

export function Definition() {
  const result = useApi(definitions, EVERYTHING);
  useReload(result.reload);
  return (
    <Loaded result={result} what="the definition of active" compact>
      {({ items: [inForce] }) => (inForce === undefined ? null : <DefinedBy definition={inForce} more="These numbers are trailing windows at each moment; the tabs below count calendar days in UTC." />)}
    </Loaded>
  );
}
