/** The OpenAPI 3.1 document, made from the same declarations that the server obeys. */
import { z } from 'zod';
import { Problem } from './answer.ts';
import type { ErrorTable } from './errors.ts';
import { httpError } from './http-errors.ts';
import type { Api, Route } from './routes.ts';

export interface DocumentedService {
  name: string;
  title: string;
  api?: Api;
  errors?: ErrorTable;
}

/** @param version of the product, as in package.json */
export function openApi(services: readonly DocumentedService[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const service of services) {
    for (const [name, route] of Object.entries(service.api ?? {})) {
      const path = `/api${route.path.replace(/:(\w+)/g, '{$1}')}`;
      paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(service, name, route) };
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Moonbase',
      version,
      description: 'Errors are problem documents with a code and a remedy.',
    },
    tags: services.filter((service) => service.api).map(({ name, title }) => ({ name, description: title })),
    paths,
    components: {
      schemas: { Problem: jsonSchema(Problem, 'output') },
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key: moon key create' },
        session: { type: 'apiKey', in: 'cookie', name: 'moonbase_session' },
      },
    },
    security: [{ key: [] }, { session: [] }],
  };
}

function operation(service: DocumentedService, name: string, route: Route): Record<string, unknown> {
  return {
    operationId: `${service.name}.${name}`,
    tags: [service.name],
    summary: route.summary,
    description: allowed(route),
    ...(route.allow === 'public' ? { security: [] } : {}),
    parameters: [
      ...parameters(route.params, 'path'),
      ...parameters(route.query, 'query'),
      ...(route.method === 'POST' && route.idempotency !== false ? [idempotencyKey] : []),
    ],
    ...(route.body || route.streams ? { requestBody: requestBody(route) } : {}),
    responses: { ...successes(route), ...refusals(service, route) },
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key with the same content is carried out once within a day.',
  schema: { type: 'string', maxLength: 200 },
};

function allowed(route: Route): string {
  if (route.allow === 'public') return 'Open to everyone.';
  return route.allow === 'signed-in'
    ? 'For whoever is signed in.'
    : `Takes the permission \`${route.allow}\`.`;
}

function parameters(schema: z.ZodObject | undefined, where: 'path' | 'query'): unknown[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, { description?: string }>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    description: property.description,
    schema: property,
  }));
}

function requestBody(route: Route): unknown {
  const content: Record<string, unknown> = {};
  if (route.body) content['application/json'] = { schema: jsonSchema(route.body, 'input') };
  for (const type of route.streams ?? []) content[type] = { schema: { type: 'string' } };
  return { required: true, content };
}

function successes(route: Route): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, schema]) => {
      if (status === '204') return [status, { description: 'Done' }];
      const content =
        typeof schema === 'string'
          ? { [schema]: { schema: { type: 'string' } } }
          : { 'application/json': { schema: jsonSchema(schema, 'output') } };
      return [status, { description: Number(status) < 400 ? 'Done' : 'Refused', content }];
    }),
  );
}

function refusals(service: DocumentedService, route: Route): Record<string, unknown> {
  const table: ErrorTable = { ...httpError.table, ...service.errors };
  const codes = new Set<string>(route.errors ?? []);
  if (route.body || route.query || route.params) codes.add('invalid');
  if (route.allow !== 'public') codes.add('unauthenticated');
  if (route.allow.includes(':')) codes.add('forbidden');
  const byStatus = Map.groupBy([...codes], (code) => table[code]?.status ?? 500);
  return Object.fromEntries(
    [...byStatus]
      .filter(([status]) => !(status in route.responses))
      .map(([status, group]) => [
        status,
        {
          description: group.map((code) => `\`${code}\`: ${table[code]?.message ?? ''}`).join(' '),
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      ]),
  );
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
  });
  return rest;
}
