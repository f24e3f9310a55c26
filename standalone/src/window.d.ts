// Globals the server writes into the page, and modules that come without types.

interface Window {
  standaloneShell: { readonly pluginId: string };
  __grafana_public_path__: string;
}

declare module 'systemjs/dist/*';

/** Made by the build from src/common-icons.ts: name with folder → SVG. */
declare module 'standalone:icons' {
  const icons: Readonly<Record<string, string>>;
  export default icons;
}

declare module '@grafana-internal/scenes/variables/interpolation/sceneInterpolator' {
  import type { ScopedVars } from '@grafana/data';
  import type { VariableInterpolation } from '@grafana/runtime';

  export function sceneInterpolator(
    sceneObject: object,
    target: string | undefined | null,
    scopedVars?: ScopedVars,
    format?: string | Function,
    interpolations?: VariableInterpolation[],
  ): string;
}
