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
const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', minLength: 8, maxLength: 200 },
  description: 'The same key with the same request within 24 hours is answered with the first answer and does nothing again.',
};

/** A schema as JSON Schema 2020-12, which OpenAPI 3.1 uses as it is. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' });
  return rest;
}

function parameters(where: 'path' | 'query', schema: z.ZodObject | undefined): Json[] {
  const { properties = {}, required = [] } = schema === undefined ? {} : (schemaOf(schema, 'input') as { properties?: Record<string, Json>; required?: string[] });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property;
    return { name, in: where, required: where === 'path' || required.includes(name), ...(description === undefined ? {} : { description }), schema: rest };
  });
}

function operation(noun: string, name: string, contract: EndpointContract): Json {
  const write = !isRead(contract);
  return {
    operationId: `${noun}.${name}`,
    summary: contract.summary,
    description: contract.permission === null ? 'For any verified identity.' : `Needs the permission \`${contract.permission}\`.`,
    tags: [noun],
    parameters: [...parameters('path', contract.params), ...parameters('query', contract.query), ...(write ? [IDEMPOTENCY_KEY] : [])],
    ...(contract.body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(contract.body, 'input') } } } }),
    responses: {
      200: {
        description: 'Success.',
        content: contract.response === 'text/csv' ? { 'text/csv': { schema: { type: 'string' } } } : { 'application/json': { schema: schemaOf(contract.response, 'output') } },
      },
      400: problem('A parameter does not hold.'),
      403: problem('Not identified, or not permitted; `code` tells which.'),
      ...(contract.params === undefined ? {} : { 404: problem('There is no such thing.') }),
      ...(write ? { 409: problem('The state has changed or does not allow it.'), 422: problem('The body does not hold, or the key was used for another request.') } : {}),
      ...(!write && contract.method === 'POST' ? { 422: problem('The body does not hold.') } : {}),
      429: problem('Too many requests; see Retry-After.'),
      503: problem('The database or the identity provider cannot be reached; see Retry-After.'),
    },
  };
}

export function openApiOf(capabilities: readonly Capability[]): Json {
  const paths: Record<string, Json> = {};
  for (const { noun, endpoints } of capabilities) {
    for (const [name, contract] of Object.entries(endpoints)) {
      const path = contract.path.replaceAll(/:(\w+)/g, '{$1}');
      paths[path] = { ...paths[path], [contract.method.toLowerCase()]: operation(noun, name, contract) };
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
      schemas: { Problem: PROBLEM },
    },
  };
}
