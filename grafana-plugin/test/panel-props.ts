// The props of a panel, as far as ours read the many that Grafana gives.
import { getDefaultTimeRange, LoadingState, type DataFrame, type PanelProps } from '@grafana/data';

type Read<Options> = Pick<PanelProps<Options>, 'options' | 'width' | 'height' | 'title' | 'timeRange' | 'data' | 'replaceVariables'>;

/** @param variable what every variable of the dashboard holds */
export function panelProps<Options>(options: Options, { series = [], variable = '' }: { readonly series?: DataFrame[]; readonly variable?: string } = {}): PanelProps<Options> {
  const timeRange = getDefaultTimeRange();
  const props: Read<Options> = { options, width: 800, height: 400, title: '', timeRange, data: { state: LoadingState.Done, timeRange, series }, replaceVariables: () => variable };
  return props as PanelProps<Options>;
}
