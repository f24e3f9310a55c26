// How Stripe is spoken to: forms with brackets in, JSON and typed errors out.
export type Params = { readonly [name: string]: string | Params };

/** `a[b][0]=c` as nested objects; lists become objects with their indexes. */
export function parseForm(text: string): Params {
  const root: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.replaceAll(']', '').split('[');
    let at = root;
    for (const part of path.slice(0, -1)) {
      at = (at[part] ??= {}) as Record<string, unknown>;
    }
    at[path.at(-1) as string] = value;
  }
  return root as Params;
}

export const textOf = (params: Params, name: string): string | null => (typeof params[name] === 'string' ? params[name] : null);
export const numberOf = (params: Params, name: string): number | null => (typeof params[name] === 'string' ? Number(params[name]) : null);
export const within = (params: Params, name: string): Params => (typeof params[name] === 'object' ? params[name] : {});
export const listOf = (params: Params, name: string): readonly string[] => Object.values(within(params, name)).filter((value) => typeof value === 'string');

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export class Refusal extends Error {
  readonly answer: Answer;

  constructor(status: number, type: string, message: string, more: { readonly code?: string; readonly param?: string } = {}) {
    super(message);
    this.answer = { status, body: { error: { type, message, ...more } } };
  }
}

export const invalid = (message: string, more: { readonly code?: string; readonly param?: string } = {}): Refusal => new Refusal(400, 'invalid_request_error', message, more);
export const missing = (what: string, id: string): Refusal => new Refusal(404, 'invalid_request_error', `No such ${what}: '${id}'`, { code: 'resource_missing', param: 'id' });

/** As Stripe does with what it has not heard of. */
export function allow(params: Params, names: readonly string[]): void {
  const unknown = Object.keys(params).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalid(`Received unknown parameter: ${unknown}`, { code: 'parameter_unknown', param: unknown });
  }
}
