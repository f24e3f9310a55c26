// The API's description is valid OpenAPI 3.1 by a foreign validator, complete, and what is served.
import { describe, expect, test } from '@jest/globals';
import { capabilities } from '@admin-center/contracts/capabilities';
import { Validator } from '@seriousme/openapi-schema-validator';
import { startTestApi } from '../../test/api.ts';
import { openApiOf } from './openapi.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: unknown;
}

const description = openApiOf(capabilities) as { openapi: string; paths: Record<string, Record<string, Operation>> };

describe('the description', () => {
  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(description))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('names every endpoint once, with its parameters and its body', () => {
    const operations = Object.entries(description.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
    const endpoints = capabilities.flatMap(({ noun, endpoints: all }) => Object.entries(all).map(([name, contract]) => ({ id: `${noun}.${name}`, contract })));
    expect(operations.map(({ operation }) => operation.operationId).toSorted()).toEqual(endpoints.map(({ id }) => id).toSorted());
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(operation.parameters.filter(({ in: where }) => where === 'path').map(({ name }) => name)).toEqual(inPath);
    }
    expect(description.paths['/api/v1/users/{userId}/suspend']?.['post']).toHaveProperty('requestBody');
  });

  test('is served without an identity', async () => {
    const api = await startTestApi();
    const response = await fetch(`${api.baseUrl}/openapi.json`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(description)));
    await api.close();
  });
});
