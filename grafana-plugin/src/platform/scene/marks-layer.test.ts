// The layer that puts admin actions on every time series of a scene.
import { audit } from '@admin-center/contracts/audit';
import { core } from '@admin-center/contracts/core';
import { DataTopic, dateTime, setTimeZoneResolver } from '@grafana/data';
import { EmbeddedScene, SceneDataLayerSet, SceneFlexLayout, SceneTimeRange } from '@grafana/scenes';
import { waitFor } from '@testing-library/react';
import { createBackend, problem, type Backend } from '../../../test/backend.ts';
import { ADA, VIC } from '../../../test/people.ts';
import { forgetMe } from '../me.tsx';
import { MarksLayer } from './marks-layer.ts';

setTimeZoneResolver(() => 'utc');

let backend: Backend;
beforeEach(() => {
  backend = createBackend();
  forgetMe();
});

function activeLayer() {
  const layer = new MarksLayer();
  const timeRange = new SceneTimeRange({ from: '2026-11-01T00:00:00.000Z', to: '2026-11-06T00:00:00.000Z' });
  new EmbeddedScene({ $timeRange: timeRange, $data: new SceneDataLayerSet({ layers: [layer] }), body: new SceneFlexLayout({ children: [] }) });
  const deactivate = layer.activate();
  return { layer, timeRange, deactivate };
}
const frames = (layer: MarksLayer) => layer.state.data?.series ?? [];
const marksAsked = () => backend.requests.filter(({ url }) => url.includes('/audit/marks'));

test('asks for the time range and publishes annotations', async () => {
  backend.on(core.endpoints.me, () => ADA);
  backend.on(audit.endpoints.marks, () => ({ items: [{ id: '9', at: '2026-11-02T10:00:00Z', endedAt: null, title: 'users.suspend', text: 'by ada', tags: ['admin'], auditSequence: 3 }] }));
  const { layer, deactivate } = activeLayer();
  await waitFor(() => expect(frames(layer)[0]?.length).toBe(1));
  expect(frames(layer)[0]?.meta?.dataTopic).toBe(DataTopic.Annotations);
  expect(marksAsked()[0]?.query).toEqual({ from: '2026-11-01T00:00:00.000Z', to: '2026-11-06T00:00:00.000Z' });
  deactivate();
});

test('asks again when the time range changes', async () => {
  backend.on(core.endpoints.me, () => ADA);
  backend.on(audit.endpoints.marks, () => ({ items: [] }));
  const { timeRange, deactivate } = activeLayer();
  await waitFor(() => expect(marksAsked()).toHaveLength(1));
  timeRange.onTimeRangeChange({ from: dateTime('2026-11-03T00:00:00Z'), to: dateTime('2026-11-04T00:00:00Z'), raw: { from: dateTime('2026-11-03T00:00:00Z'), to: dateTime('2026-11-04T00:00:00Z') } });
  await waitFor(() => expect(marksAsked()).toHaveLength(2));
  deactivate();
});

test('does not ask for a reader who may not see the audit log', async () => {
  backend.on(core.endpoints.me, () => VIC);
  const { layer, deactivate } = activeLayer();
  await waitFor(() => expect(frames(layer)).toHaveLength(1));
  expect(frames(layer)[0]?.length).toBe(0);
  expect(marksAsked()).toHaveLength(0);
  deactivate();
});

test('graphs stay when the marks cannot be loaded', async () => {
  backend.on(core.endpoints.me, () => ADA);
  backend.on(audit.endpoints.marks, () => {
    throw problem(500, 'internal', 'It broke.');
  });
  const { layer, deactivate } = activeLayer();
  await waitFor(() => expect(frames(layer)).toHaveLength(1));
  expect(frames(layer)[0]?.length).toBe(0);
  deactivate();
});
