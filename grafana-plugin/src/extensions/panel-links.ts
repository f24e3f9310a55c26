// Where the entries in a dashboard panel's menu lead: worked out from what Grafana tells about the panel, or nowhere when
// the panel has nothing to ask about. Loaded with every dashboard, so it imports next to nothing.
import type { DataFrame, PluginExtensionPanelContext, RawTimeRange, ScopedVars } from '@grafana/data';
import { pageUrl } from '../routes.ts';
import { whatChangedUrl } from '../platform/what-changed/panel-question.ts';

type Context = Readonly<Partial<PluginExtensionPanelContext>>;
/** Fills in the dashboard's variables. */
export type Interpolate = (text: string, scopedVars?: ScopedVars) => string;

const TIME_SERIES = ['timeseries', 'graph'];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const USER_NAMES = ['user_id', 'userId'];

/** Relative times stay relative; a moment becomes epoch milliseconds, as Grafana writes it into URLs. */
const timeText = (time: RawTimeRange['from']): string => (typeof time === 'string' ? time : String(time.valueOf()));
const rangeOf = ({ timeRange }: Context) => ({ from: timeText(timeRange?.from ?? 'now-6h'), to: timeText(timeRange?.to ?? 'now') });

interface PromTarget {
  readonly expr?: unknown;
  readonly legendFormat?: unknown;
  readonly hide?: boolean;
  readonly datasource?: { readonly type?: string; readonly uid?: string } | null;
}

/** "What changed?" for a time series over Prometheus. */
export function whatChangedPath(context: Context | undefined, interpolate: Interpolate): string | undefined {
  if (context === undefined || !TIME_SERIES.includes(context.pluginId ?? '')) {
    return undefined;
  }
  const fill = (text: string) => interpolate(text, context.scopedVars);
  const targets = ((context.targets ?? []) as PromTarget[]).filter(({ expr, hide, datasource }) => typeof expr === 'string' && expr.trim() !== '' && hide !== true && (datasource?.type ?? 'prometheus') === 'prometheus');
  if (targets.length === 0) {
    return undefined;
  }
  const { from, to } = rangeOf(context);
  const uid = targets[0]?.datasource?.uid;
  const question = {
    title: fill(context.title ?? ''),
    unit: 'short',
    ...(uid === undefined ? {} : { source: fill(uid) }),
    queries: targets.map(({ expr, legendFormat }) => ({ expr: fill(String(expr)), legend: typeof legendFormat === 'string' && legendFormat !== '__auto' ? legendFormat : '' })),
  };
  return whatChangedUrl(question, from, to);
}

/** "Impersonate this user" for a panel that shows exactly one: in a field or a label named user_id or userId. */
export function impersonatePath(context: Context | undefined): string | undefined {
  const users = usersIn(context?.data?.series ?? []);
  const [user] = users;
  if (context === undefined || user === undefined || users.size > 1) {
    return undefined;
  }
  const { from, to } = rangeOf(context);
  const panel: Record<string, string> = context.dashboard?.uid === undefined ? {} : { panelTitle: context.title ?? '', panelUrl: `/d/${encodeURIComponent(context.dashboard.uid)}?${new URLSearchParams({ viewPanel: String(context.id), from, to })}` };
  return `${pageUrl('impersonation')}?${new URLSearchParams({ user, ...panel, from, to })}`;
}

function usersIn(frames: readonly DataFrame[]): Set<string> {
  const found = new Set<string>();
  for (const field of frames.flatMap(({ fields }) => fields)) {
    const values: unknown[] = USER_NAMES.includes(field.name) ? Array.from(field.values) : [];
    for (const value of [...values, ...USER_NAMES.map((name) => field.labels?.[name])]) {
      if (typeof value === 'string' && UUID.test(value)) {
        found.add(value.toLowerCase());
      }
    }
  }
  return found;
}
