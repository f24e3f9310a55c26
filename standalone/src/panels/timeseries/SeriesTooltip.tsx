// What hovers over a graph: the time, the values of the nearest or of all series, and once pinned the data links of the point.
import { dateTimeFormat, FieldType, type DataFrame, type LinkModel, type TimeZone } from '@grafana/data';
import type { VizTooltipOptions } from '@grafana/schema';
import {
  getFieldDisplayItems,
  isTooltipScrollable,
  VizTooltipContent,
  VizTooltipFooter,
  VizTooltipHeader,
  VizTooltipWrapper,
} from '@grafana/ui';

interface SeriesTooltipProps {
  readonly frame: DataFrame;
  /** Hovered row of each field; null where a series has no point. */
  readonly rows: Array<number | null>;
  readonly series: number | null;
  readonly isPinned: boolean;
  readonly dataLinks: LinkModel[];
  readonly tooltip: VizTooltipOptions;
  readonly timeZone: TimeZone;
}

export function SeriesTooltip({ frame, rows, series, isPinned, dataLinks, tooltip, timeZone }: SeriesTooltipProps) {
  const [time] = frame.fields;
  if (time === undefined) {
    return null;
  }
  const row = rows[0] ?? rows.find((index) => index !== null);
  const at: number | undefined = row === undefined || row === null ? undefined : time.values[row];
  const items = getFieldDisplayItems(
    frame.fields,
    time,
    rows,
    series,
    tooltip.mode,
    tooltip.sort,
    ({ type }) => type === FieldType.number || type === FieldType.enum,
    tooltip.hideZeros,
  );
  return (
    <VizTooltipWrapper>
      <VizTooltipHeader
        item={{ label: '', value: at === undefined ? '' : dateTimeFormat(at, { timeZone }) }}
        isPinned={isPinned}
      />
      <VizTooltipContent
        items={items}
        isPinned={isPinned}
        scrollable={isTooltipScrollable(tooltip)}
        {...(tooltip.maxHeight === undefined ? {} : { maxHeight: tooltip.maxHeight })}
      />
      {(isPinned || dataLinks.some(({ oneClick }) => oneClick === true)) && dataLinks.length > 0 && (
        <VizTooltipFooter dataLinks={dataLinks} />
      )}
    </VizTooltipWrapper>
  );
}
