// The table panel.
import { PanelPlugin } from '@grafana/data';
import { TableCellDisplayMode } from '@grafana/schema';
import {
  defaultOptions,
  type FieldConfig,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import { declareFieldOptions, declarePanelOptions } from '../declare-options.ts';
import { TablePanel } from './TablePanel.tsx';

const COLUMN = {
  width: undefined,
  minWidth: undefined,
  align: 'auto',
  cellOptions: { type: TableCellDisplayMode.Auto },
  wrapText: undefined,
  wrapHeaderText: undefined,
  filterable: false,
  inspect: false,
  hideFrom: { viz: false },
  footer: { reducers: [] },
  tooltip: undefined,
};

export const plugin = new PanelPlugin<Options, FieldConfig>(TablePanel)
  .useFieldConfig({ useCustomConfig: (builder) => declareFieldOptions(builder, COLUMN, () => true) })
  .setPanelOptions((builder) =>
    declarePanelOptions(builder, {
      ...defaultOptions,
      frozenColumns: undefined,
      enablePagination: false,
      pageSize: undefined,
      maxRowHeight: undefined,
    }),
  );
