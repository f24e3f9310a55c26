// Lines over time with axes per unit, a legend that toggles series, tooltip with data links, zoom by dragging, and annotation marks.
import { useMemo } from 'react';
import { DashboardCursorSync, FieldType, type DataFrame, type PanelProps } from '@grafana/data';
import { TooltipDisplayMode } from '@grafana/schema';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import { getFieldDisplayLinks, TimeSeries, TooltipPlugin2, usePanelContext } from '@grafana/ui';
import { PanelDataErrorView } from '../PanelDataErrorView.tsx';
import { AnnotationMarks } from './AnnotationMarks.tsx';
import { toAnnotations } from './annotations.ts';
import { SeriesTooltip } from './SeriesTooltip.tsx';

/** Values of a const enum of @grafana/ui that is gone at run time: nearest series, or all at this moment. */
const HOVER_ONE = 0;
const HOVER_ALL = 1;
const PINNED_WIDTH = 600;

export function TimeSeriesPanel(props: PanelProps<Options>) {
  const { id, data, timeRange, timeZone, width, height, options, fieldConfig, onChangeTimeRange } = props;
  const { sync, eventsScope } = usePanelContext();
  const frames = useMemo(() => data.series.filter(isDrawable), [data.series]);
  const annotations = useMemo(() => toAnnotations(data.annotations ?? []), [data.annotations]);
  const zones = useMemo(() => shownZones(options.timezone, timeZone), [options.timezone, timeZone]);

  if (frames.length === 0) {
    return <PanelDataErrorView panelId={id} fieldConfig={fieldConfig} data={data} needsTimeField needsNumberField />;
  }
  const cursorSync = sync?.() ?? DashboardCursorSync.Off;
  return (
    <TimeSeries
      frames={frames}
      structureRev={data.structureRev}
      timeRange={timeRange}
      timeZone={zones}
      width={width}
      height={height}
      legend={options.legend}
      options={options}
    >
      {(config, aligned) => (
        <>
          {options.tooltip.mode !== TooltipDisplayMode.None && (
            <TooltipPlugin2
              config={config}
              hoverMode={options.tooltip.mode === TooltipDisplayMode.Single ? HOVER_ONE : HOVER_ALL}
              syncMode={cursorSync}
              syncScope={eventsScope}
              queryZoom={onChangeTimeRange}
              clientZoom
              maxWidth={options.tooltip.maxWidth ?? PINNED_WIDTH}
              getDataLinks={(series, row) => linksOf(aligned, series, row)}
              render={(_plot, rows, series, isPinned, _dismiss, _range, _viaSync, dataLinks) => (
                <SeriesTooltip
                  frame={aligned}
                  rows={rows}
                  series={series}
                  isPinned={isPinned}
                  dataLinks={dataLinks}
                  tooltip={options.tooltip}
                  timeZone={timeZone}
                />
              )}
            />
          )}
          <AnnotationMarks config={config} annotations={annotations} timeZone={timeZone} />
        </>
      )}
    </TimeSeries>
  );
}

const isDrawable = ({ fields, length }: DataFrame): boolean =>
  length > 0 &&
  fields.some(({ type }) => type === FieldType.time) &&
  fields.some(({ type }) => type === FieldType.number || type === FieldType.enum);

/** An empty entry stands for the dashboard's own zone. */
const shownZones = (chosen: readonly string[] | undefined, own: string): string[] =>
  chosen === undefined || chosen.length === 0 ? [own] : chosen.map((zone) => (zone === '' ? own : zone));

function linksOf(aligned: DataFrame, series: number, row: number) {
  const field = aligned.fields[series];
  return field === undefined ? [] : getFieldDisplayLinks(field, row);
}
