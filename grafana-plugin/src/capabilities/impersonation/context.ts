// Where an admin came from, as a link of a panel tells it: the user, the panel, its time range. Links can be made by
// anybody, so every part is judged before it is shown or kept.
import type { z } from 'zod';
import { type panelContext, panelContextAsked } from '@admin-center/contracts/impersonation';
import { uuid } from '@admin-center/contracts/fields';
import { dateMath } from '@grafana/data';

export type PanelContext = z.output<typeof panelContext>;

export interface LinkedRequest {
  readonly userId: string;
  /** Undefined when the link names no panel, or not one that can be kept. */
  readonly context: PanelContext | undefined;
}

/** Epoch milliseconds, ISO 8601, or relative as in `now-6h`. */
function instantOf(text: string | null): string | undefined {
  if (text === null || text === '') {
    return undefined;
  }
  const at = /^\d{12,14}$/.test(text) ? new Date(Number(text)) : dateMath.toDateTime(text, { roundUp: false })?.toDate();
  return at && !Number.isNaN(at.valueOf()) ? at.toISOString() : undefined;
}

/** Undefined when the URL asks for nobody. */
export function requestFromUrl(search: string): LinkedRequest | undefined {
  const params = new URLSearchParams(search);
  const userId = uuid.safeParse(params.get('user'));
  if (!userId.success) {
    return undefined;
  }
  const context = panelContextAsked.safeParse({
    url: params.get('panelUrl'),
    title: params.get('panelTitle')?.slice(0, 200) || undefined,
    from: instantOf(params.get('from')),
    to: instantOf(params.get('to')),
  });
  return { userId: userId.data, context: context.data };
}

/** The panel a request is made from; undefined when its link is too long to be kept. */
export const panelRequest = (panel: PanelContext): PanelContext | undefined => panelContextAsked.safeParse(panel).data;

/** The parameters a request is opened by; they leave the URL once it is closed. */
export const NO_REQUEST = { user: null, panelTitle: null, panelUrl: null } as const;
