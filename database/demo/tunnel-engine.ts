// The flag that the demo host's new tunnel engine is behind, with a ramp and guardrails: it breaks once one user in five
// has it, so a person who starts the ramp can watch it being taken back.
import type { FlagDefinitionInput } from '@admin-center/contracts/flags-definition';

const REQUESTS = 'http_server_request_duration_seconds_count{job="demo-host",flag="{{flag}}"';

export const TUNNEL_ENGINE_KEY = 'new-tunnel-engine';

export const TUNNEL_ENGINE: FlagDefinitionInput = {
  name: 'New tunnel engine',
  description: 'Tunnels over the engine written anew. Start its ramp: at 5% it holds, at 20% it breaks and the guardrail notices.',
  type: 'boolean',
  variants: [
    { key: 'on', value: true, description: 'The new engine.' },
    { key: 'off', value: false, description: 'The old one.' },
  ],
  offVariant: 'off',
  defaultVariant: 'off',
  rollout: { percentage: 0, split: [{ variant: 'on', weight: 1 }] },
  ramp: {
    variant: 'on',
    steps: [
      { percentage: 5, holdMinutes: 1 },
      { percentage: 20, holdMinutes: 2 },
      { percentage: 50, holdMinutes: 30 },
      { percentage: 100, holdMinutes: 60 },
    ],
  },
  guardrails: [
    // Of all requests: the engine fails half of those of its users once they are more than one in eight.
    { name: 'failed-requests', promql: `sum(rate(${REQUESTS},http_response_status_code=~"5.."}[2m])) / sum(rate(${REQUESTS}}[2m]))`, comparison: '>', threshold: 0.035, minimumSample: 10 },
    {
      name: 'slow-requests', comparison: '>', threshold: 5, minimumSample: 10,
      promql: 'histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket{job="demo-host",flag="{{flag}}",variant="{{variant}}"}[2m])))',
    },
  ],
};
