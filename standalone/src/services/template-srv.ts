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

/** Grafana's three spellings: `$name`, `[[name]]` and `${name.path:format}`. */
const VARIABLE = /\$\w+|\$\{\w+[^}]*\}|\[\[\w+(?::\w+)?\]\]/;

/** Stands in where no scene is meant: scoped variables, macros and formats work all the same. */
const NO_SCENE = { state: {}, parent: undefined };

/** Scenes names the scene object of a query in its scoped variables. */
function sceneOf(scopedVars: ScopedVars | undefined): object {
  const named: unknown = scopedVars?.['__sceneObject']?.value?.valueOf();
  if (typeof named === 'object' && named !== null) {
    return named;
  }
  return window.__grafanaSceneContext?.isActive === true ? window.__grafanaSceneContext : NO_SCENE;
}

export const templateSrv: TemplateSrv = {
  getVariables: () => [],
  replace: (
    target = '',
    scopedVars?: ScopedVars,
    format?: string | Function,
    interpolations?: VariableInterpolation[],
  ) => sceneInterpolator(sceneOf(scopedVars), target, scopedVars, format, interpolations),
  containsTemplate: (target = '') => VARIABLE.test(target),
  updateTimeRange: () => undefined,
};
