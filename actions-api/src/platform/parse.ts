// Checks a request against its contract. Unknown fields are refused: a misspelt filter must not mean "everything".
import { BODY_BYTES, type EndpointContract } from '@admin-center/contracts/capability';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { AppError, type FieldError } from './errors.ts';

const nothing = z.strictObject({});
/** One reader for each size of bodies. */
const readers = new Map<number, RequestHandler>();

function readerOf(limit: number): RequestHandler {
  const reader = readers.get(limit) ?? express.json({ limit, strict: true });
  readers.set(limit, reader);
  return reader;
}

/** Reads the body; called after authentication, so that strangers cannot make us parse. */
export async function readBody({ bodyBytes = BODY_BYTES }: Pick<EndpointContract, 'bodyBytes'>, request: Request, response: Response): Promise<unknown> {
  const empty = request.get('content-length') === '0' || (request.get('content-length') ?? request.get('transfer-encoding')) === undefined;
  if (!empty && request.is('json') === false) {
    throw new AppError('body_not_json', 415, 'Send the body as application/json.');
  }
  await new Promise<void>((resolve, reject) => {
    readerOf(bodyBytes)(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  return request.body as unknown;
}

export interface Parsed {
  readonly params: Record<string, unknown>;
  readonly query: Record<string, unknown>;
  readonly body: unknown;
}

/** @throws AppError 400 for parameters and query, 422 for the body, with one line per field */
export function parseRequest(contract: EndpointContract, request: Request, body: unknown): Parsed {
  return {
    params: check('params', 400, contract.params ?? nothing, request.params),
    query: check('query', 400, contract.query ?? nothing, request.query),
    // A write without a body of its own takes none, or an empty object.
    body: contract.method === 'GET' ? undefined : check('body', 422, contract.body ?? nothing, body ?? {}),
  };
}

/** For endpoints without a contract, those that answer programs with project keys. @throws AppError 422 */
export const parseBody = <S extends z.ZodObject>(schema: S, body: unknown): z.output<S> => check('body', 422, schema, body ?? {}) as z.output<S>;

/** The same for their queries. @throws AppError 400 */
export const parseQuery = <S extends z.ZodObject>(schema: S, query: unknown): z.output<S> => check('query', 400, schema, query) as z.output<S>;

function check(where: string, status: number, schema: z.ZodObject, input: unknown): Record<string, unknown> {
  const result = schema.strict().safeParse(input);
  if (result.success) {
    return result.data;
  }
  const errors = result.error.issues.flatMap((issue): FieldError[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [where, ...issue.path, key].join('.'), message: 'There is no such field.' }))
      : [{ path: [where, ...issue.path].join('.'), message: issue.message }],
  );
  const summary = errors.map((error) => `${error.path}: ${error.message}`).join(' ');
  throw new AppError(`${where}_invalid`, status, summary, { errors });
}
