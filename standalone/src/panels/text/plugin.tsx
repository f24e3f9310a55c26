// The text panel: Markdown, HTML or plain code.
import { PanelPlugin } from '@grafana/data';
import {
  defaultOptions,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import { declarePanelOptions } from '../declare-options.ts';
import { TextPanel } from './TextPanel.tsx';

export const plugin = new PanelPlugin<Options>(TextPanel).setPanelOptions((builder) =>
  declarePanelOptions(builder, { mode: defaultOptions.mode, content: '', code: undefined }),
);
