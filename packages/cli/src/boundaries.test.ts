import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { findViolations, type Violation } from './boundaries.ts';
import { repository } from './find-services.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const manifest = (...names: string[]) =>
  JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, '1.0.0'])) });

/** A small repository that breaks no rule. */
const sound: Record<string, string> = {
  'packages/data/package.json': manifest('pg'),
  'packages/data/src/data.ts': "import pg from 'pg';\nimport { log } from '@moonbase/telemetry';",
  'packages/telemetry/package.json': manifest('pino'),
  'packages/telemetry/src/telemetry.ts': "import { pino } from 'pino';",
  'packages/http/package.json': manifest('fastify', 'zod'),
  'packages/http/src/http.ts': "import fastify from 'fastify';",
  'packages/events/package.json': manifest('zod'),
  'packages/events/src/events.ts': "import { Database } from '@moonbase/data';",
  'packages/service/package.json': manifest(),
  'packages/service/src/service.ts': "export * from '@moonbase/events';",
  'packages/ui/package.json': manifest('react', 'zod'),
  'packages/ui/src/ui.ts':
    "import { useState } from 'react';\nimport { createClient } from '@moonbase/http/client';",
  'services/agents/package.json': manifest(),
  'services/agents/service.ts': "import { defineService } from '@moonbase/service';",
  'services/agents/events.ts': "import { z } from 'zod';",
  'services/agents/features/hire.ts': 'db.query("SELECT * FROM agents.agents")',
  'services/sales/package.json': manifest(),
  'services/sales/service.ts': "import { record } from './features/record.ts';",
  'services/sales/schema.ts': "import { z } from 'zod';",
  'services/sales/api.ts':
    "import type { Api } from '@moonbase/http';\nimport { z } from 'zod';\nimport { sale } from './schema.ts';",
  'services/sales/events.ts': "import { agentChanged } from '@moonbase/agents/events.ts';",
  'services/sales/features/record.ts': "import { Database } from '@moonbase/data';\nimport pg from 'pg';",
  'services/sales/sales.test.ts': "import { agents } from '@moonbase/agents/service.ts';",
  'services/sales/pages.tsx':
    "import { Table } from '@moonbase/ui';\nconst list = () => import('./pages/list.tsx');",
  'services/sales/pages/list.tsx':
    "import { useState } from 'react';\nimport { salesApi } from '../api.ts';\nimport type { Database } from '@moonbase/data';",
  'console/package.json': manifest('react'),
  'console/src/shell.tsx': "import { pages } from '../../services/sales/pages.tsx';",
};

function violationsWith(files: Record<string, string>): Violation[] {
  const root = mkdtempSync(join(tmpdir(), 'moonbase-boundaries-'));
  made.push(root);
  for (const [name, text] of Object.entries({ ...sound, ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return findViolations(root);
}

test('this repository keeps its boundaries', () => {
  expect(findViolations(repository).map(({ at, message }) => `${at}: ${message}`)).toEqual([]);
});

test('a sound repository has no violations', () => {
  expect(violationsWith({})).toEqual([]);
});

describe('each rule is broken by', () => {
  const breaks: [string, Violation['rule'], string, string][] = [
    [
      'a package that imports one above it',
      'package arrow',
      'packages/data/src/up.ts',
      "import { publish } from '@moonbase/events';",
    ],
    [
      'a package that imports the type of one above it',
      'package arrow',
      'packages/telemetry/src/up.ts',
      "import type { Database } from '@moonbase/data';",
    ],
    [
      'a package that imports a service',
      'package arrow',
      'packages/service/src/down.ts',
      "import '@moonbase/sales/events.ts';",
    ],
    [
      'the page kit with a server package',
      'package arrow',
      'packages/ui/src/table.tsx',
      "import { Database } from '@moonbase/data';",
    ],
    [
      'a service that imports the inside of another',
      'service arrow',
      'services/sales/reactions.ts',
      "import { hire } from '@moonbase/agents/features/hire.ts';",
    ],
    [
      'a service that imports the declaration of another',
      'service arrow',
      'services/sales/reactions.ts',
      "import { agents } from '@moonbase/agents/service.ts';",
    ],
    [
      'a test that imports the inside of another service',
      'service arrow',
      'services/sales/features/record.test.ts',
      "import { hire } from '@moonbase/agents/features/hire.ts';",
    ],
    [
      'a relative import into another service',
      'own folder',
      'services/sales/reactions.ts',
      "import '../agents/events.ts';",
    ],
    [
      'a relative import into another package',
      'own folder',
      'packages/events/src/near.ts',
      "import '../../data/src/data.ts';",
    ],
    [
      'an api.ts that imports a package of the server',
      'contract is pure',
      'services/sales/api.ts',
      "import { errorsOf } from '@moonbase/http/errors';",
    ],
    [
      'an api.ts that brings a feature along',
      'contract is pure',
      'services/sales/api.ts',
      "import { record } from './features/record.ts';",
    ],
    [
      'an events.ts that brings the server along by another file',
      'contract is pure',
      'services/sales/schema.ts',
      "import { newId } from '@moonbase/data';",
    ],
    [
      'an events.ts with a module of Node',
      'contract is pure',
      'services/agents/events.ts',
      "import { hash } from 'node:crypto';",
    ],
    [
      'a page that imports a server package',
      'page is for the browser',
      'services/sales/pages/list.tsx',
      "import { Database } from '@moonbase/data';",
    ],
    [
      'a page that imports a library of the server',
      'page is for the browser',
      'services/sales/pages/list.tsx',
      "import pg from 'pg';",
    ],
    [
      'a page that imports a module of Node',
      'page is for the browser',
      'services/sales/pages/list.tsx',
      "import { readFile } from 'fs/promises';",
    ],
    [
      'a page that brings a feature along',
      'page is for the browser',
      'services/sales/pages/list.tsx',
      "import { record } from '../features/record.ts';",
    ],
    [
      'a page that loads a server module later',
      'page is for the browser',
      'services/sales/pages/list.tsx',
      "const later = () => import('@moonbase/service');",
    ],
    [
      'the shell with a server module',
      'page is for the browser',
      'console/src/main.tsx',
      "import { pino } from 'pino';",
    ],
    ['an unknown file in a service', 'shape of a service', 'services/sales/controller.ts', ''],
    ['an unknown folder in a service', 'shape of a service', 'services/sales/repositories/sales.sql', ''],
    [
      'a table of contents that is a book',
      'shape of a service',
      'services/sales/service.ts',
      '\n'.repeat(80).concat('export {};'),
    ],
    ['a file named index', 'name says what it is', 'packages/data/src/index.ts', ''],
    ['a file named utils', 'name says what it is', 'services/sales/features/utils.ts', ''],
    ['a folder named helpers', 'name says what it is', 'services/sales/features/helpers/rounding.ts', ''],
    ['a test named common', 'name says what it is', 'packages/data/src/common.test.ts', ''],
    ['a file in CamelCase', 'name says what it is', 'services/sales/pages/SalesList.tsx', ''],
    [
      "SQL on another service's table",
      "others' tables",
      'services/sales/features/read.ts',
      'db.query(`SELECT name\n  FROM agents.agents`)',
    ],
    [
      "a migration that refers to another service's table",
      "others' tables",
      'services/sales/migrations/0001-sales.sql',
      'CREATE TABLE sales (agent uuid REFERENCES agents.agents)',
    ],
  ];
  test.for(breaks)('%s', ([, rule, file, text]) => {
    const violations = violationsWith({ [file]: text });
    expect(violations.map((violation) => violation.rule)).toContain(rule);
  });
});
