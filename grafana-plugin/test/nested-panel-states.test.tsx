// The panels beside the app as Grafana makes them, with the options they begin with: what each shows to whom may not see it,
// and when nothing answers.
import fs from 'fs';
import path from 'path';
import { screen } from '@testing-library/react';
import { standardEditorsRegistry, type PanelPlugin } from '@grafana/data';
import { createBackend, Refusal } from './backend.ts';
import { panelProps } from './panel-props.ts';
import { VIC } from './people.ts';
import { render } from './render.tsx';

const PANELS = path.resolve(__dirname, '../src/panels');

// Grafana brings the editors of options; here only their names are asked for.
standardEditorsRegistry.setInit(() => ['boolean', 'number', 'radio', 'select', 'text'].map((id) => ({ id, name: id, editor: () => null })));

describe.each(fs.readdirSync(PANELS))('%s', (folder) => {
  async function panel() {
    const { plugin } = (await import(path.join(PANELS, folder, 'module.tsx'))) as { plugin: PanelPlugin };
    const Panel = plugin.panel;
    return Panel && <Panel {...panelProps(plugin.defaults)} />;
  }

  test('tells a reader without a role so', async () => {
    render(createBackend(), await panel(), { as: VIC });
    expect(await screen.findByText('Not part of your role')).toBeInTheDocument();
  });

  test('tells that the API does not answer', async () => {
    render(createBackend(), await panel(), {
      as: () => {
        throw new Refusal(502);
      },
    });
    expect(await screen.findByText('Could not load your permissions')).toBeInTheDocument();
  });
});
