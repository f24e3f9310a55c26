// Big values side by side; a value with data links opens them.
import {
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  type PanelProps,
} from '@grafana/data';
import { BigValueGraphMode, BigValueTextMode } from '@grafana/schema';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode as GraphMode,
  BigValueJustifyMode,
  BigValueTextMode as TextMode,
  DataLinksContextMenu,
  useTheme2,
  VizRepeater,
  type VizRepeaterRenderValueProps,
} from '@grafana/ui';

export function StatPanel(props: PanelProps<Options>) {
  const { data, width, height, options, fieldConfig, replaceVariables, timeZone, renderCounter } = props;
  const theme = useTheme2();

  const values = (): FieldDisplay[] =>
    getFieldDisplayValues({
      fieldConfig,
      reduceOptions: options.reduceOptions,
      replaceVariables,
      theme,
      data: data.series,
      sparkline: options.graphMode !== BigValueGraphMode.None,
      percentChange: options.showPercentChange,
      timeZone,
    }).map((value) =>
      value.sparkline === undefined
        ? value
        : { ...value, sparkline: { ...value.sparkline, timeRange: data.timeRange } },
    );

  const renderValue = ({
    value,
    alignmentFactors,
    width: w,
    height: h,
    count,
  }: VizRepeaterRenderValueProps<FieldDisplay, DisplayValueAlignmentFactors>) => {
    const { display, sparkline, hasLinks, getLinks } = value;
    const draw = (onClick?: React.MouseEventHandler<HTMLElement>, className?: string) => (
      <BigValue
        value={display}
        count={count}
        sparkline={sparkline}
        colorMode={BIG_VALUE_COLOR[options.colorMode]}
        graphMode={BIG_VALUE_GRAPH[options.graphMode]}
        justifyMode={options.justifyMode === 'center' ? BigValueJustifyMode.Center : BigValueJustifyMode.Auto}
        textMode={textMode(options.textMode)}
        percentChangeColorMode={options.percentChangeColorMode}
        alignmentFactors={alignmentFactors}
        text={options.text}
        width={w}
        height={h}
        theme={theme}
        onClick={onClick}
        className={className}
        hasLinks={hasLinks}
        disableWideLayout={!options.wideLayout}
      />
    );
    return hasLinks && getLinks !== undefined ? (
      <DataLinksContextMenu links={getLinks}>
        {(menu) => draw(menu.openMenu, menu.targetClassName)}
      </DataLinksContextMenu>
    ) : (
      draw()
    );
  };

  return (
    <VizRepeater
      getValues={values}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={renderValue}
      source={data}
      width={width}
      height={height}
      itemSpacing={3}
      renderCounter={renderCounter}
      autoGrid
      orientation={options.orientation}
    />
  );
}

// @grafana/ui and @grafana/schema have enums of the same names and values.
const BIG_VALUE_COLOR = {
  background: BigValueColorMode.Background,
  background_solid: BigValueColorMode.BackgroundSolid,
  none: BigValueColorMode.None,
  value: BigValueColorMode.Value,
} as const;
const BIG_VALUE_GRAPH = { none: GraphMode.None, line: GraphMode.Line, area: GraphMode.Area } as const;

function textMode(mode: BigValueTextMode): TextMode {
  switch (mode) {
    case BigValueTextMode.Value:
      return TextMode.Value;
    case BigValueTextMode.ValueAndName:
      return TextMode.ValueAndName;
    case BigValueTextMode.Name:
      return TextMode.Name;
    case BigValueTextMode.None:
      return TextMode.None;
    case BigValueTextMode.Auto:
      return TextMode.Auto;
  }
}
