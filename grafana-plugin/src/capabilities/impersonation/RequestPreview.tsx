// Whom a request would touch, and why it would be refused, before anything is asked for.
import { useEffect } from 'react';
import { impersonation, type ImpersonationPreview } from '@admin-center/contracts/impersonation';
import type { ClientRequest } from '@admin-center/contracts/capability';
import { Alert } from '@grafana/ui';
import { BlastRadius } from '../../platform/BlastRadius.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { useApi } from '../../platform/use-api.ts';

interface Props {
  readonly query: NonNullable<ClientRequest<typeof impersonation.endpoints.preview>['query']>;
  readonly onPreview: (preview: ImpersonationPreview | undefined) => void;
}

export function RequestPreview({ query, onPreview }: Props) {
  const result = useApi(impersonation.endpoints.preview, { query });
  const preview = result.status === 'ready' ? result.data : undefined;
  useEffect(() => {
    onPreview(preview);
    return () => onPreview(undefined);
  }, [preview, onPreview]);
  return (
    <Loaded result={result} what="what this touches" compact>
      {(shown) => (
        <div>
          {shown.refusal && (
            <Alert severity="error" title="This user cannot be impersonated" bottomSpacing={1}>
              {shown.refusal.message}
            </Alert>
          )}
          <BlastRadius radius={shown} />
        </div>
      )}
    </Loaded>
  );
}
