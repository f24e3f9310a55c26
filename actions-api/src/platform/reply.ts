// An answer in the form it leaves in. A response that does not match its contract never leaves.
import type { Readable } from 'node:stream';
import type { EndpointContract, ResponseOf } from '@admin-center/contracts/capability';
import type { Response } from 'express';
import { pipeline } from 'node:stream/promises';
import type { Logger } from '@admin-center/platform/log';
import { AppError } from './errors.ts';

/** A finished file: its length is known, its content is read when it is sent. */
export interface CsvFile {
  readonly filename: string;
  readonly bytes: number;
  open(): Readable;
}

/** What a handler gives back for a contract. */
export type BodyOf<E extends EndpointContract> = E['response'] extends 'text/csv' ? CsvFile : ResponseOf<E>;

export type Reply = { readonly kind: 'json'; readonly text: string } | { readonly kind: 'csv'; readonly file: CsvFile };

export function renderReply<E extends EndpointContract>(contract: E, body: BodyOf<E>, log: Logger): Reply {
  if (contract.response === 'text/csv') {
    return { kind: 'csv', file: body as CsvFile };
  }
  const parsed = contract.response.safeParse(body);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    log.error({ endpoint: `${contract.method} ${contract.path}`, issues }, 'the response does not match its contract');
    throw new AppError('response_invalid', 500, 'The answer would not have matched its documentation, so it was not sent. The request id finds the details in the log.');
  }
  return { kind: 'json', text: JSON.stringify(parsed.data) };
}

export async function sendReply(response: Response, reply: Reply): Promise<void> {
  if (reply.kind === 'json') {
    response.status(200).type('application/json').send(reply.text);
    return;
  }
  response.status(200).set({
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': `attachment; filename="${reply.file.filename}"`,
    'Content-Length': String(reply.file.bytes),
  });
  await pipeline(reply.file.open(), response);
}
