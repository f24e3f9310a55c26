// Panels whose amounts follow the variable `currency` change their unit with it; Grafana cannot put a variable in a unit.
import { sceneGraph, VizPanel, type SceneStatelessBehavior } from '@grafana/scenes';
import { currencyUnit } from '../format.ts';
import { CURRENCY_UNIT } from '../panel.ts';

function followCurrency(panel: VizPanel) {
  const variable = sceneGraph.lookupVariable('currency', panel);
  if (!variable) {
    return;
  }
  const apply = () => {
    const { defaults, overrides } = panel.state.fieldConfig;
    panel.clearFieldConfigCache();
    panel.setState({ fieldConfig: { defaults: { ...defaults, unit: currencyUnit(String(variable.getValue())) }, overrides } });
  };
  apply();
  const subscription = variable.subscribeToState(apply);
  return () => subscription.unsubscribe();
}

const behavior: SceneStatelessBehavior = (object) => (object instanceof VizPanel ? followCurrency(object) : undefined);

export const withCurrencyUnit = (unit: string): SceneStatelessBehavior[] | undefined => (unit === CURRENCY_UNIT ? [behavior] : undefined);
