// runRequest: one data request → a stream of PanelData, with "loading" only when the answer takes a moment.
import { catchError, defer, from, isObservable, map, merge, of, share, takeUntil, timer, type Observable } from 'rxjs';
import {
  DataTopic,
  LoadingState,
  type DataFrame,
  type DataQueryError,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceApi,
  type PanelData,
} from '@grafana/data';
import { toDataQueryError } from '@grafana/runtime';

/** A panel that answers faster than this does not flash its loading bar. */
const LOADING_AFTER_MS = 200;

export function runRequest(
  dataSource: DataSourceApi,
  request: DataQueryRequest,
  queryFunction?: DataSourceApi['query'],
): Observable<PanelData> {
  const loading: PanelData = {
    state: LoadingState.Loading,
    series: [],
    annotations: [],
    request,
    timeRange: request.range,
  };
  if (request.targets.length === 0) {
    return of({ ...loading, state: LoadingState.Done });
  }
  // Streaming sources answer in packets; each replaces the packet with the same key.
  const packets = new Map<string, DataQueryResponse>();
  const answers = defer(() => {
    const answer = queryFunction === undefined ? dataSource.query(request) : queryFunction(request);
    return isObservable(answer) ? answer : from(answer);
  }).pipe(
    map((packet): PanelData => {
      request.endTime = Date.now();
      packets.set(packet.key ?? 'A', packet);
      return { ...loading, ...combine([...packets.values()], packet.state) };
    }),
    catchError((error: unknown) => {
      if (isCancelled(error)) {
        return of<PanelData>({ ...loading, state: LoadingState.Done });
      }
      const failure = toDataQueryError(error);
      return of<PanelData>({ ...loading, state: LoadingState.Error, error: failure, errors: [failure] });
    }),
    share(),
  );
  return merge(
    timer(LOADING_AFTER_MS).pipe(
      map(() => loading),
      takeUntil(answers),
    ),
    answers,
  );
}

function combine(
  packets: readonly DataQueryResponse[],
  state: LoadingState | undefined,
): Pick<PanelData, 'state' | 'series' | 'annotations' | 'error' | 'errors'> {
  const frames = packets.flatMap(({ data }) => data as DataFrame[]);
  const errors: DataQueryError[] = packets.flatMap(
    (packet) => packet.errors ?? (packet.error === undefined ? [] : [packet.error]),
  );
  const isAnnotation = (frame: DataFrame): boolean => frame.meta?.dataTopic === DataTopic.Annotations;
  return {
    state: errors.length > 0 ? LoadingState.Error : (state ?? LoadingState.Done),
    series: frames.filter((frame) => !isAnnotation(frame)),
    annotations: frames.filter(isAnnotation),
    ...(errors[0] === undefined ? {} : { error: errors[0], errors }),
  };
}

const isCancelled = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'cancelled' in error && error.cancelled === true;
