// The one event bus: toasts, and whatever panels and plugins tell each other through getAppEvents().
import { EventBusSrv } from '@grafana/data';

export const appEvents = new EventBusSrv();
