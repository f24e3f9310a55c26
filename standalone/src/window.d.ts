// Globals the server writes into the page, and modules that come without types.

interface Window {
  standaloneShell: { readonly pluginId: string };
}

declare module 'systemjs/dist/*';

declare module '@grafana-internal/scenes/variables/interpolation/sceneInterpolator' {
  import type { ScopedVars } from '@grafana/data';
  import type { VariableInterpolation } from '@grafana/runtime';

  export function sceneInterpolator(sceneObject: object, target: string | undefined | null, scopedVars?: ScopedVars, format?: string | Function, interpolations?: VariableInterpolation[]): string;
}
