// TemplateSrv: hands every text to the scene it belongs to, where the variables live.
import type { ScopedVars } from '@grafana/data';
import type { TemplateSrv, VariableInterpolation } from '@grafana/runtime';
import { sceneInterpolator } from '@grafana-internal/scenes/variables/interpolation/sceneInterpolator';

declare global {
  interface Window {
    /** Scenes keeps the scene that is shown here, for callers that do not say which one they mean. */
    __grafanaSceneContext?: { readonly isActive: boolean };
  }
}

const VARIABLE = /\$(\w+)|\$\{(\w+)(?:\.[^:^}]+)?(?::[^}]+)?\}|\[\[(\w+)(?::\w+)?\]\]/g;

/** Scenes names the scene object of a query in its scoped variables. */
function sceneOf(scopedVars: ScopedVars | undefined): object | undefined {
  const named: unknown = scopedVars?.['__sceneObject']?.value?.valueOf();
  if (typeof named === 'object' && named !== null) {
    return named;
  }
  return window.__grafanaSceneContext?.isActive === true ? window.__grafanaSceneContext : undefined;
}

export const templateSrv: TemplateSrv = {
  getVariables: () => [],
  replace(target = '', scopedVars?: ScopedVars, format?: string | Function, interpolations?: VariableInterpolation[]) {
    const scene = sceneOf(scopedVars);
    if (scene !== undefined) {
      return sceneInterpolator(scene, target, scopedVars, format, interpolations);
    }
    return target.replace(VARIABLE, (match, plain?: string, braced?: string, bracketed?: string) => {
      const value: unknown = scopedVars?.[plain ?? braced ?? bracketed ?? '']?.value;
      return value === undefined || value === null ? match : String(value);
    });
  },
  containsTemplate: (target = '') => target.search(VARIABLE) !== -1,
  updateTimeRange: () => undefined,
};
