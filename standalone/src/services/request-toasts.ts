// Which answers of the server are shown as a toast, as Grafana decides it (GRAFANA.md section 2, "Frontend side").
import { AppEvents, type EventBusExtended } from '@grafana/data';
import type { BackendSrvRequest, FetchError, FetchResponse } from '@grafana/runtime';
import { isDataQuery, isLocalUrl } from './request-options.ts';

/** Longer messages become the description below a short title. */
const TITLE_LENGTH = 80;
/** Time for whoever catches the error to set `isHandled`. */
const HANDLED_WITHIN_MS = 50;

export function toastSuccess(
  events: EventBusExtended,
  request: BackendSrvRequest,
  response: FetchResponse<unknown>,
): void {
  const message = messageOf(response.data);
  const wanted = request.showSuccessAlert ?? (request.method ?? 'GET').toUpperCase() !== 'GET';
  if (wanted && message !== undefined && isLocalUrl(request.url) && !isDataQuery(request.url)) {
    events.emit(AppEvents.alertSuccess, [message]);
  }
}

export function toastError(events: EventBusExtended, request: BackendSrvRequest, error: FetchError): void {
  setTimeout(() => {
    const message = messageOf(error.data);
    const silent =
      request.showErrorAlert === false ||
      (request.showErrorAlert === undefined && (isDataQuery(request.url) || !isLocalUrl(request.url)));
    if (error.isHandled === true || error.cancelled === true || silent || message === undefined) {
      return;
    }
    if (error.status === 422) {
      events.emit(AppEvents.alertWarning, ['Validation failed', message]);
      return;
    }
    const [title, description] = message.length > TITLE_LENGTH ? ['Error', message] : [message, ''];
    events.emit(error.status < 500 ? AppEvents.alertWarning : AppEvents.alertError, [
      title,
      description,
      error.traceId,
    ]);
  }, HANDLED_WITHIN_MS);
}

function messageOf(data: unknown): string | undefined {
  const message = typeof data === 'object' && data !== null && 'message' in data ? data.message : undefined;
  return typeof message === 'string' && message !== '' ? message : undefined;
}
