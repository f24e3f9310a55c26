// Bars with thresholds, one per series; a bar with data links opens them.
import {
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  VizOrientation,
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  type PanelProps,
} from '@grafana/data';
import { BarGaugeSizing } from '@grafana/schema';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import { BarGauge, DataLinksContextMenu, useTheme2, VizRepeater, type VizRepeaterRenderValueProps } from '@grafana/ui';

const BAR_SPACING = 10;
const LCD_SPACING = 2;

export function BarGaugePanel(props: PanelProps<Options>) {
  const { data, width, height, options, fieldConfig, replaceVariables, timeZone, renderCounter } = props;
  const theme = useTheme2();
  const orientation =
    options.orientation === VizOrientation.Auto
      ? width > height
        ? VizOrientation.Vertical
        : VizOrientation.Horizontal
      : options.orientation;
  const manual = options.sizing === BarGaugeSizing.Manual;

  const values = (): FieldDisplay[] =>
    getFieldDisplayValues({
      fieldConfig,
      reduceOptions: options.reduceOptions,
      replaceVariables,
      theme,
      data: data.series,
      timeZone,
    });

  const renderValue = ({
    value,
    alignmentFactors,
    width: w,
    height: h,
    orientation: barOrientation,
  }: VizRepeaterRenderValueProps<FieldDisplay, DisplayValueAlignmentFactors>) => {
    const { field, display, view, colIndex, hasLinks, getLinks } = value;
    const draw = (onClick?: React.MouseEventHandler<HTMLElement>, className?: string) => (
      <BarGauge
        value={display}
        width={w}
        height={h}
        orientation={barOrientation}
        field={field}
        display={view?.getFieldDisplayProcessor(colIndex ?? 0)}
        text={options.text}
        theme={theme}
        itemSpacing={options.displayMode === 'lcd' ? LCD_SPACING : BAR_SPACING}
        displayMode={options.displayMode}
        onClick={onClick}
        className={className}
        alignmentFactors={alignmentFactors}
        showUnfilled={options.showUnfilled}
        valueDisplayMode={options.valueMode}
        namePlacement={options.namePlacement}
        lcdCellWidth={12}
      />
    );
    return hasLinks && getLinks !== undefined ? (
      <DataLinksContextMenu links={getLinks} style={{ height: '100%' }}>
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
      renderCounter={renderCounter}
      itemSpacing={BAR_SPACING}
      orientation={orientation}
      minVizWidth={manual ? options.minVizWidth : 0}
      minVizHeight={manual ? options.minVizHeight : 16}
      maxVizHeight={manual ? options.maxVizHeight : 300}
    />
  );
}
