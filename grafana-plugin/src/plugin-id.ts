// The ids Grafana knows us by. No imports: the generator, the app and the nested panels all read them.
export const PLUGIN_ID = 'cloudtolocalllm-admincenter-app';
export const USERS_PANEL_ID = 'cloudtolocalllm-users-panel';
export const FLAGS_PANEL_ID = 'cloudtolocalllm-flags-panel';
export const IMPERSONATION_PANEL_ID = 'cloudtolocalllm-impersonation-panel';
export const PROMOTIONS_PANEL_ID = 'cloudtolocalllm-promotions-panel';
export const FUNNEL_PANEL_ID = 'cloudtolocalllm-funnel-panel';
export const RETENTION_PANEL_ID = 'cloudtolocalllm-retention-panel';
export const EXPERIMENT_PANEL_ID = 'cloudtolocalllm-experiment-panel';
export const WORLDMAP_PANEL_ID = 'cloudtolocalllm-worldmap-panel';
