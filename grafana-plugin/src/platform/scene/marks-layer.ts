// Admin actions as annotations on every time series of a scene: one request to the actions API per time range or refresh,
// shared by all panels.
import { arrayToDataFrame, colorManipulator, DataTopic, getDefaultTimeRange, LoadingState, type AnnotationEvent, type PanelData } from '@grafana/data';
import { config } from '@grafana/runtime';
import { SceneDataLayerBase, sceneGraph, type SceneDataLayerProviderState } from '@grafana/scenes';
import { Subscription } from 'rxjs';
import { audit } from '@admin-center/contracts/audit';
import { adminActions } from '../admin-actions.ts';
import { call } from '../api.ts';
import { loadMe } from '../me.tsx';
import { markEvents } from './mark-events.ts';

/** The relay turns an action into a mark within a moment of its commit. */
const RELAY_DELAY_MS = 2500;
/** Half transparent: the lines lie over the data. */
const colorOf = (theme: typeof config.theme2): string => colorManipulator.alpha(theme.visualization.getColorByName('orange'), 0.55);

const annotations = (events: AnnotationEvent[]): PanelData => {
  const frame = arrayToDataFrame(events);
  frame.meta = { ...frame.meta, dataTopic: DataTopic.Annotations };
  return { state: LoadingState.Done, series: [frame], timeRange: getDefaultTimeRange() };
};

export class MarksLayer extends SceneDataLayerBase<SceneDataLayerProviderState> {
  private listeners = new Subscription();
  private request: AbortController | undefined;

  public constructor() {
    super({ name: 'Admin actions', isEnabled: true });
  }

  public onEnable(): void {
    this.listeners = new Subscription();
    this.listeners.add(sceneGraph.getTimeRange(this).subscribeToState(() => this.runLayer()));
    this.listeners.add(
      adminActions.subscribe(() => {
        const timer = setTimeout(() => this.runLayer(), RELAY_DELAY_MS);
        this.listeners.add(() => clearTimeout(timer));
      })
    );
  }

  public onDisable(): void {
    this.listeners.unsubscribe();
    this.request?.abort();
  }

  protected runLayer(): void {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    void this.load(request.signal);
  }

  private async load(signal: AbortSignal): Promise<void> {
    const { from, to } = sceneGraph.getTimeRange(this).state.value;
    try {
      const me = await loadMe();
      // Asking without the permission would be recorded as a denied access each time the page refreshes.
      const marks = me.permissions.includes('audit:read')
        ? (await call(audit.endpoints.marks, { query: { from: from.toISOString(), to: to.toISOString() } }, { signal })).items
        : [];
      if (!signal.aborted) {
        this.publishResults(annotations(markEvents(marks, { from: from.valueOf(), to: to.valueOf() }, colorOf(config.theme2))));
      }
    } catch {
      // Graphs without marks are still graphs; the list of admin actions on the page says what failed.
      if (!signal.aborted) {
        this.publishResults(annotations([]));
      }
    }
  }
}
