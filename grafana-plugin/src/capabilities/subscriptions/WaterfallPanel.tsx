// The movements of recurring revenue as a waterfall: where it was, what came, what went, where it is.
import { css } from '@emotion/css';
import { FieldType, PanelPlugin, type DataFrame, type GrafanaTheme2, type PanelProps } from '@grafana/data';
import type { DataSourceRef } from '@grafana/schema';
import { sceneUtils, VizPanel } from '@grafana/scenes';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { formatValue } from '../../platform/format.ts';
import { CURRENCY_UNIT, metricHelp, MOVEMENT_COLORS } from '../../platform/panel.ts';
import { gauge } from '../../platform/promql.ts';
import { withCurrencyUnit } from '../../platform/scene/currency-unit.ts';
import { promQueries, toPromQuery } from '../../platform/scene/data.ts';
import { Empty } from '../../platform/states.tsx';
import { axisStart, waterfallSteps, type Step } from './waterfall.ts';

const PANEL_ID = 'admincenter-waterfall';

/** One series per component; its label says which. */
function amountsOf(series: readonly DataFrame[]): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const { fields } of series) {
    const field = fields.find(({ type }) => type === FieldType.number);
    const component = field?.labels?.component;
    const amount: unknown = field?.values[field.values.length - 1];
    if (component && typeof amount === 'number') {
      amounts.set(component, amount);
    }
  }
  return amounts;
}

export function WaterfallPanel({ data, fieldConfig, height }: PanelProps) {
  const styles = useStyles2(getStyles);
  const steps = waterfallSteps(amountsOf(data.series));
  if (steps.length === 0) {
    return <Empty title="No recurring revenue yet" compact />;
  }
  const low = axisStart(steps);
  const high = Math.max(...steps.flatMap(({ from, to }) => [from, to]));
  const scale = (value: number) => (high === low ? 0 : (Math.max(value - low, 0) / (high - low)) * 100);
  const format = (value: number) => formatValue(value, fieldConfig.defaults.unit ?? 'short', Math.abs(value) < 1000 ? 0 : 1);
  return (
    <ol className={styles.chart} style={{ height }} aria-label="Movements of recurring revenue">
      {steps.map((step) => (
        <Bar key={step.name} step={step} scale={scale} format={format} />
      ))}
    </ol>
  );
}

interface BarProps {
  readonly step: Step;
  readonly scale: (value: number) => number;
  readonly format: (value: number) => string;
}

function Bar({ step, scale, format }: BarProps) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const isLevel = step.kind === 'level';
  const bottom = isLevel ? 0 : scale(Math.min(step.from, step.to));
  const top = scale(Math.max(step.from, step.to));
  const color = isLevel ? theme.colors.primary.main : theme.visualization.getColorByName(MOVEMENT_COLORS[step.name as keyof typeof MOVEMENT_COLORS]);
  const amount = isLevel ? step.to : step.to - step.from;
  return (
    <li className={styles.column}>
      <div className={styles.plot}>
        <span className={styles.amount} style={{ bottom: `${top}%` }}>
          {!isLevel && amount > 0 ? '+' : ''}
          {format(amount)}
        </span>
        <div className={styles.bar} style={{ bottom: `${bottom}%`, height: `max(2px, ${top - bottom}%)`, background: color }} />
      </div>
      <span className={styles.name}>{step.name}</span>
    </li>
  );
}

sceneUtils.registerRuntimePanelPlugin({ pluginId: PANEL_ID, plugin: new PanelPlugin(WaterfallPanel).useFieldConfig() });

export const waterfallPanel = (source: DataSourceRef): VizPanel =>
  new VizPanel({
    pluginId: PANEL_ID,
    title: 'What moved recurring revenue, trailing 30 days',
    description: `${metricHelp('admincenter_mrr_amount')} The bars do not start at zero, so that the movements can be seen.`,
    fieldConfig: { defaults: { unit: CURRENCY_UNIT }, overrides: [] },
    $data: promQueries(source, [toPromQuery({ expr: gauge('admincenter_mrr_amount', { currency: '$currency' }), legend: '{{component}}', instant: true }, 0)]),
    $behaviors: withCurrencyUnit(CURRENCY_UNIT),
  });

const getStyles = (theme: GrafanaTheme2) => ({
  chart: css({ display: 'flex', alignItems: 'stretch', gap: theme.spacing(0.5), margin: 0, padding: 0, listStyle: 'none', overflowX: 'auto' }),
  column: css({ display: 'flex', flexDirection: 'column', flex: '1 0 56px', minWidth: 0, textAlign: 'center' }),
  // Room above the highest bar for its amount.
  plot: css({ position: 'relative', flexGrow: 1, marginTop: theme.spacing(3), borderBottom: `1px solid ${theme.colors.border.medium}` }),
  bar: css({ position: 'absolute', left: '12%', right: '12%', borderRadius: theme.shape.radius.default }),
  amount: css({ position: 'absolute', left: 0, right: 0, fontSize: theme.typography.bodySmall.fontSize, fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap', zIndex: 1 }),
  name: css({ padding: theme.spacing(0.5, 0), color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, overflowWrap: 'anywhere' }),
});
