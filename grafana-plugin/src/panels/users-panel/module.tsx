// The users table as a panel for any dashboard. No dynamic imports: a nested panel's chunks would not be found.
import { PanelPlugin, type PanelProps } from '@grafana/data';

const UsersPanel = ({ width, height }: PanelProps) => <div style={{ width, height }} />;

export const plugin = new PanelPlugin(UsersPanel).setNoPadding();
