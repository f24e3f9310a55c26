// What the request form holds, and what it sends.
import type { z } from 'zod';
import { impersonation, MINUTES_DEFAULT, type REASON_CLASSES, type SCOPES } from '@admin-center/contracts/impersonation';
import type { LinkedRequest } from './context.ts';

export const requestSchema = impersonation.endpoints.request.body;
export type RequestBody = z.output<typeof requestSchema>;

export interface RequestValues {
  readonly userId: string;
  readonly reason: string;
  readonly reasonClass: (typeof REASON_CLASSES)[number] | '';
  readonly ticket: string;
  readonly scope: (typeof SCOPES)[number];
  readonly minutes: string;
}

export const emptyRequest = (linked?: Partial<LinkedRequest>): RequestValues => ({ userId: linked?.userId ?? '', reason: '', reasonClass: '', ticket: '', scope: 'read', minutes: String(MINUTES_DEFAULT) });

export const requestInput =
  (context: LinkedRequest['context']) =>
  ({ reasonClass, ticket, ...values }: RequestValues): unknown => ({ ...values, reasonClass: reasonClass || undefined, ticket: ticket.trim() || undefined, context });
