// The core panels this shell draws. Server and browser both read this list; a check compares it with what the plugin uses.
export const HOSTED_PANELS = ['timeseries', 'stat', 'table', 'bargauge', 'text'] as const;

export type HostedPanel = (typeof HOSTED_PANELS)[number];
