// One frame as a table, with a choice below it when the data has several; cells show data links.
import { css } from '@emotion/css';
import { cacheFieldDisplayNames, getFrameDisplayName, type GrafanaTheme2, type PanelProps } from '@grafana/data';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import { Combobox, usePanelContext, useStyles2 } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { PanelDataErrorView } from '../PanelDataErrorView.tsx';

const CHOICE_HEIGHT = 40;

export function TablePanel(props: PanelProps<Options>) {
  const { id, data, width, height, options, fieldConfig, timeRange, onOptionsChange, onFieldConfigChange, title } =
    props;
  const styles = useStyles2(getStyles);
  const { onAddAdHocFilter } = usePanelContext();
  const frames = data.series.filter(({ fields }) => fields.length > 0);
  const current = Math.min(options.frameIndex, frames.length - 1);
  const frame = frames[current];
  if (frame === undefined) {
    return <PanelDataErrorView panelId={id} fieldConfig={fieldConfig} data={data} />;
  }
  cacheFieldDisplayNames(frames);
  const several = frames.length > 1;

  const keepWidth = (column: string, columnWidth: number): void => {
    const others = fieldConfig.overrides.filter(
      ({ matcher, properties }) =>
        !(matcher.options === column && properties.some(({ id: property }) => property === 'custom.width')),
    );
    onFieldConfigChange({
      ...fieldConfig,
      overrides: [
        ...others,
        { matcher: { id: 'byName', options: column }, properties: [{ id: 'custom.width', value: columnWidth }] },
      ],
    });
  };

  return (
    <div className={styles.panel}>
      <TableNG
        ariaLabel={title}
        data={frame}
        width={width}
        height={several ? height - CHOICE_HEIGHT : height}
        noHeader={!options.showHeader}
        showTypeIcons={options.showTypeIcons}
        resizable
        sortBy={options.sortBy}
        onSortByChange={(sortBy) => onOptionsChange({ ...options, sortBy })}
        onColumnResize={keepWidth}
        onCellFilterAdded={onAddAdHocFilter}
        cellHeight={options.cellHeight}
        maxRowHeight={options.maxRowHeight}
        frozenColumns={options.frozenColumns?.left}
        enablePagination={options.enablePagination}
        pageSize={options.pageSize}
        timeRange={timeRange}
        fieldConfig={fieldConfig}
        structureRev={data.structureRev}
        enableVirtualization
      />
      {several && (
        <div className={styles.choice}>
          <Combobox
            aria-label="Table"
            options={frames.map((each, index) => ({ value: index, label: getFrameDisplayName(each) }))}
            value={current}
            onChange={({ value }) => onOptionsChange({ ...options, frameIndex: value })}
          />
        </div>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({ height: '100%', display: 'flex', flexDirection: 'column', justifyContent: 'space-between' }),
  choice: css({ padding: theme.spacing(0.5, 1) }),
});
