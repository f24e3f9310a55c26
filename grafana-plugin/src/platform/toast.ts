// Grafana's own toasts.
import { AppEvents } from '@grafana/data';
import { getAppEvents } from '@grafana/runtime';

export const toastSuccess = (title: string, text?: string): void => getAppEvents().publish({ type: AppEvents.alertSuccess.name, payload: text ? [title, text] : [title] });
export const toastError = (title: string, text?: string): void => getAppEvents().publish({ type: AppEvents.alertError.name, payload: text ? [title, text] : [title] });
