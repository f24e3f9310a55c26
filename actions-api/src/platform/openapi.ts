// OpenAPI 3.1 from the contracts: what `/openapi.json` serves and what is committed beside the code.
import { type Capability, type EndpointContract, isRead } from '@admin-center/contracts/capability';
import { z } from 'zod';

type Json = Record<string, unknown>;

const PROBLEM: Json = {
  type: 'object',
  description: 'RFC 9457. `type` and `code` are stable; `detail` and `message` say what is wrong and what to do.',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId', 'message'],
  properties: {
    type: { type: 'string' }, title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' },
    code: { type: 'string' }, requestId: { type: 'string' }, message: { type: 'string' },
    errors: { type: 'array', items: { type: 'object', required: ['path', 'message'], properties: { path: { type: 'string' }, message: { type: 'string' } } } },
  },
};

const problem = (description: string): Json => ({ description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } });
const REFUSALS = {
  BadRequest: problem('A parameter does not hold.'),
  Forbidden: problem('Not identified, or not permitted; `code` tells which.'),
  NotFound: problem('There is no such thing.'),
  Conflict: problem('The state has changed or does not allow it.'),
  Unprocessable: problem('The body does not hold, or the key was used for another request.'),
  TooManyRequests: problem('Too many requests; see Retry-After.'),
  Unavailable: problem('The database or the identity provider cannot be reached; see Retry-After.'),
};
const refusal = (name: keyof typeof REFUSALS): Json => ({ $ref: `#/components/responses/${name}` });
const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', minLength: 8, maxLength: 200 },
  description: 'The same key with the same request within 24 hours is answered with the first answer and does nothing again.',
};

/** Schemas with an id, by that name; what may be sent of one differs from what is answered. */
type Components = Record<string, unknown>;

/** A schema as JSON Schema 2020-12, which OpenAPI 3.1 uses as it is. What has an id goes into `components`. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Components): Json {
  const nameOf = (id: string): string => (io === 'input' ? `${id}Input` : id);
  // In an object, so that a schema which itself has an id is referred to like any other.
  const { properties, $defs } = z.toJSONSchema(z.object({ schema }), { target: 'draft-2020-12', io, unrepresentable: 'any' }) as unknown as { properties: { schema: Json }; $defs?: Record<string, Json> };
  const pointed = JSON.parse(JSON.stringify({ schema: properties.schema, $defs }), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? `#/components/schemas/${nameOf(value.slice('#/$defs/'.length))}` : value,
  ) as { schema: Json; $defs?: Record<string, Json> };
  for (const [id, definition] of Object.entries(pointed.$defs ?? {})) {
    components[nameOf(id)] = definition;
  }
  return pointed.schema;
}

function parameters(where: 'path' | 'query', schema: z.ZodObject | undefined, components: Components): Json[] {
  const { properties = {}, required = [] } = schema === undefined ? {} : (schemaOf(schema, 'input', components) as { properties?: Record<string, Json>; required?: string[] });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property;
    return { name, in: where, required: where === 'path' || required.includes(name), ...(description === undefined ? {} : { description }), schema: rest };
  });
}

function operation(noun: string, name: string, contract: EndpointContract, components: Components): Json {
  const write = !isRead(contract);
  return {
    operationId: `${noun}.${name}`,
    summary: contract.summary,
    description: contract.permission === null ? 'For any verified identity.' : `Needs the permission \`${contract.permission}\`.`,
    tags: [noun],
    parameters: [...parameters('path', contract.params, components), ...parameters('query', contract.query, components), ...(write ? [IDEMPOTENCY_KEY] : [])],
    ...(contract.body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(contract.body, 'input', components) } } } }),
    responses: {
      200: {
        description: 'Success.',
        content: contract.response === 'text/csv' ? { 'text/csv': { schema: { type: 'string' } } } : { 'application/json': { schema: schemaOf(contract.response, 'output', components) } },
      },
      400: refusal('BadRequest'),
      403: refusal('Forbidden'),
      ...(contract.params === undefined ? {} : { 404: refusal('NotFound') }),
      ...(write ? { 409: refusal('Conflict') } : {}),
      ...(contract.method === 'GET' ? {} : { 422: refusal('Unprocessable') }),
      429: refusal('TooManyRequests'),
      503: refusal('Unavailable'),
    },
  };
}

export function openApiOf(capabilities: readonly Capability[]): Json {
  const paths: Record<string, Json> = {};
  const components: Components = { Problem: PROBLEM };
  for (const { noun, endpoints } of capabilities) {
    for (const [name, contract] of Object.entries(endpoints)) {
      const path = contract.path.replaceAll(/:(\w+)/g, '{$1}');
      paths[path] = { ...paths[path], [contract.method.toLowerCase()]: operation(noun, name, contract, components) };
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Admin Center actions API',
      version: '1',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: 'Audited actions and the lists behind the numbers. Reached through Grafana\'s plugin proxy, which adds both credentials.',
    },
    servers: [{ url: '/' }],
    tags: capabilities.filter(({ endpoints }) => Object.keys(endpoints).length > 0).map(({ noun, title }) => ({ name: noun, description: title })),
    security: [{ gateway: [], identity: [] }],
    paths,
    components: {
      securitySchemes: {
        gateway: { type: 'http', scheme: 'bearer', description: 'The secret shared with Grafana\'s plugin route.' },
        identity: { type: 'apiKey', in: 'header', name: 'X-Grafana-Id', description: 'Grafana\'s signed ID token.' },
      },
      responses: REFUSALS,
      schemas: Object.fromEntries(Object.entries(components).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}
