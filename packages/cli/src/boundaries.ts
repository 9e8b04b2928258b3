/**
 * The boundaries of the repository: which file may import which, and what may be called what.
 *
 * They are told in DESIGN.md ("Direction", "A service, inside"); here they are a table and a few rules over
 * the imports. `boundaries.test.ts` runs them on the repository, and on small ones that break each rule.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { type Import, importsOf } from './imports.ts';

export interface Violation {
  /** From the repository's folder, with the line: `services/sales/api.ts:3`. */
  at: string;
  rule: Rule;
  message: string;
}

export type Rule =
  | 'package arrow'
  | 'service arrow'
  | 'own folder'
  | 'contract is pure'
  | 'page is for the browser'
  | 'shape of a service'
  | 'name says what it is'
  | "others' tables";

/** Who may import whom among packages; `ui` is told below. */
const arrows: Record<string, readonly string[]> = {
  telemetry: [],
  data: ['telemetry'],
  events: ['data', 'telemetry'],
  jobs: ['data', 'telemetry'],
  identity: ['data', 'telemetry'],
  http: ['data', 'telemetry', 'identity'],
  warehouse: ['data', 'telemetry', 'events'],
  service: ['data', 'telemetry', 'events', 'jobs', 'identity', 'http', 'warehouse'],
  cli: ['data', 'telemetry', 'events', 'jobs', 'identity', 'http', 'warehouse', 'service'],
  ui: ['http'],
};

/** Packages and their entries that run in a browser. */
const browserEntries = ['@moonbase/ui', '@moonbase/http/client', '@moonbase/http/errors'];

/** What may lie at the top of a service's folder. */
const shape = new Set(
  `README.md DESIGN.md package.json service.ts schema.ts migrations api.ts events.ts reactions.ts jobs.ts
   insights.ts errors.ts commands.ts settings.ts features pages pages.tsx seed.ts mappings fixtures
   node_modules`.split(/\s+/),
);

const emptyNames = /^(index|utils?|helpers?|common|core|shared|misc)(\.[a-z]+)*$/;

/** Every violation in the repository. */
export function findViolations(root: string): Violation[] {
  const repository = readRepository(root);
  return [
    ...repository.files.flatMap((file) => [...checkName(file), ...checkArrows(repository, file)]),
    ...repository.services.flatMap((name) => [
      ...checkShape(repository, name),
      ...checkContract(repository, name),
      ...checkTables(repository, name),
    ]),
    ...checkPages(repository),
  ];
}

interface SourceFile {
  /** From the repository's folder. */
  path: string;
  /** `packages`, `services` or `console`. */
  shelf: string;
  /** Name of the package or service. */
  owner: string;
  isTest: boolean;
  imports: Import[];
}

interface Repository {
  root: string;
  packages: string[];
  services: string[];
  files: SourceFile[];
  byPath: Map<string, SourceFile>;
}

const shelves = ['packages', 'services', 'console'];
/** They look at the whole from outside: nothing imports them, and they may import anything. */
const outside = ['bench', 'chaos'];

function readRepository(root: string): Repository {
  const folders = (name: string) =>
    existsSync(join(root, name))
      ? readdirSync(join(root, name)).filter((each) => statSync(join(root, name, each)).isDirectory())
      : [];
  const files = [...shelves, ...outside].flatMap((shelf) =>
    sourceFiles(join(root, shelf)).map((file): SourceFile => {
      const path = relative(root, file);
      return {
        path,
        shelf,
        owner: shelf === 'packages' || shelf === 'services' ? (path.split('/')[1] ?? '') : shelf,
        isTest: /\.test\.tsx?$/.test(path) || /\/(fixtures|testing)(\/|\.tsx?$)/.test(path),
        imports: importsOf(readFileSync(file, 'utf8')),
      };
    }),
  );
  return {
    root,
    packages: folders('packages'),
    services: folders('services'),
    files,
    byPath: new Map(files.map((file) => [file.path, file])),
  };
}

function sourceFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    // Repositories of fixtures break rules on purpose.
    if (['node_modules', 'repositories'].includes(entry.name) || entry.name.startsWith('dist')) return [];
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function checkName(file: SourceFile): Violation[] {
  const parts = file.path.split('/');
  const bad = parts.find((part) => emptyNames.test(part));
  const wrong = bad
    ? `"${bad}" names no idea`
    : !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(parts.at(-1) ?? '')
      ? 'names are kebab-case'
      : undefined;
  return wrong ? [{ at: file.path, rule: 'name says what it is', message: wrong }] : [];
}

function checkArrows(repository: Repository, file: SourceFile): Violation[] {
  return file.imports.flatMap((each): Violation[] => {
    const found = checkArrow(repository, file, each);
    return found ? [{ at: `${file.path}:${each.line}`, ...found }] : [];
  });
}

function checkArrow(
  { packages, services }: Repository,
  file: SourceFile,
  { specifier }: Import,
): Omit<Violation, 'at'> | undefined {
  const { shelf, owner } = file;
  if (specifier.startsWith('.')) {
    const own = shelf === 'packages' || shelf === 'services' ? `${shelf}/${owner}/` : `${shelf}/`;
    const target = join(dirname(file.path), specifier);
    // The console finds the services' pages by its build's own means, as it finds its own files.
    if (target.startsWith(own) || outside.includes(shelf) || (shelf === 'console' && isPage(target))) return;
    return { rule: 'own folder', message: `${specifier} leaves ${own}: import by its name` };
  }
  const [, name = '', ...rest] = /^@moonbase\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  const entry = rest.join('/');
  if (!name || name === owner) return;
  if (services.includes(name)) {
    // A test may run another service as a whole, never reach into one.
    const story = file.isTest && entry === 'service.ts';
    if (shelf === 'packages' && !story) {
      return { rule: 'package arrow', message: `packages never import services: ${specifier}` };
    }
    const contract = ['events.ts', 'api.ts'].includes(entry);
    if (contract || story || outside.includes(shelf) || shelf === 'console') return;
    const message = `services meet by events.ts or api.ts only: ${specifier}`;
    return { rule: 'service arrow', message };
  }
  if (shelf !== 'packages' || !packages.includes(name)) return;
  if (!arrows[owner]?.includes(name)) {
    return { rule: 'package arrow', message: `${owner} → ${name} is no arrow of the design` };
  }
  return undefined;
}

function isPage(path: string): boolean {
  return /^services\/[^/]+\/pages(\/|\.tsx$)/.test(path);
}

function checkShape({ root }: Repository, service: string): Violation[] {
  const folder = join(root, 'services', service);
  const unknown = readdirSync(folder).filter(
    (name) =>
      !shape.has(name) &&
      // A file grows into a folder of the same name and stays its face; its test is beside it.
      !shape.has(`${name}.ts`) &&
      !shape.has(name.replace(/(\.[a-z]+)?\.test\.ts$/, '.ts')) &&
      !new RegExp(`^${service}(\\.[a-z]+)*\\.test\\.tsx?$`).test(name),
  );
  const table = join(folder, 'service.ts');
  const lines = existsSync(table) ? readFileSync(table, 'utf8').trimEnd().split('\n').length : 0;
  return [
    ...unknown.map((name): Violation => {
      const at = `services/${service}/${name}`;
      return {
        at,
        rule: 'shape of a service',
        message: 'no service has this; DESIGN.md says what has a place',
      };
    }),
    ...(lines > 80
      ? [
          {
            at: `services/${service}/service.ts`,
            rule: 'shape of a service' as const,
            message: `a table of contents has at most 80 lines, and this has ${lines}`,
          },
        ]
      : []),
  ];
}

/** The files that a file brings along when it runs, with the imports that lead out of the repository. */
function closure(
  repository: Repository,
  start: string,
): { files: Set<string>; outside: { file: string; line: number; specifier: string }[] } {
  const files = new Set<string>();
  const outside: { file: string; line: number; specifier: string }[] = [];
  const visit = (path: string) => {
    const file = repository.byPath.get(path);
    if (!file || files.has(path)) return;
    files.add(path);
    for (const { specifier, typeOnly, line } of file.imports) {
      if (typeOnly) continue;
      const target = resolveImport(repository, path, specifier);
      if (target) visit(target);
      else outside.push({ file: path, line, specifier });
    }
  };
  visit(start);
  return { files, outside };
}

/** The repository's file that a specifier means, if it means one that is followed. */
function resolveImport({ root, services }: Repository, from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return relative(root, resolve(root, dirname(from), specifier));
  const [, name = '', entry] = /^@moonbase\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  if (services.includes(name) && entry) return `services/${name}/${entry}`;
  if (name === 'ui') return entry ? `packages/ui/src/${entry}` : 'packages/ui/src/ui.ts';
  // The platform's own routes, a contract like a service's `api.ts`: followed, hence held to be as pure.
  if (name === 'service' && entry === 'system-api') return 'packages/service/src/system-api.ts';
  if (name === 'service' && entry === 'privacy-api') return 'packages/service/src/privacy/privacy-api.ts';
  return undefined;
}

/** `api.ts` and `events.ts` bring along zod, and files that bring along no more than that. */
function checkContract(repository: Repository, service: string): Violation[] {
  return ['api.ts', 'events.ts'].flatMap((name) =>
    closure(repository, `services/${service}/${name}`)
      .outside.filter(({ specifier }) => specifier !== 'zod' && !/\.(css|json)$/.test(specifier))
      .map(({ file, line, specifier }): Violation => {
        const way = file.endsWith(`/${name}`) ? '' : ` (by ${file})`;
        const message = `${name} brings ${specifier} along${way}: only zod and types may come`;
        return { at: `${file}:${line}`, rule: 'contract is pure', message };
      }),
  );
}

/** Pages, the page kit and the shell bring along what runs in a browser. */
function checkPages(repository: Repository): Violation[] {
  const starts = repository.files.filter(
    ({ path, isTest }) => !isTest && (isPage(path) || /^(packages\/ui|console)\/src\//.test(path)),
  );
  const found = new Map<string, Violation>();
  const server = serverModules(repository.root);
  for (const { path } of starts) {
    for (const { file, line, specifier } of closure(repository, path).outside) {
      if (!isServerModule(specifier, server)) continue;
      const at = `${file}:${line}`;
      const way = file === path ? '' : `, which ${path} brings along`;
      found.set(at, { at, rule: 'page is for the browser', message: `${specifier} is of the server${way}` });
    }
  }
  return [...found.values()];
}

/** What server packages depend on and the page kit and the shell don't. */
export function serverModules(root: string): Set<string> {
  const dependencies = (folder: string): string[] => {
    const file = join(root, folder, 'package.json');
    return existsSync(file) ? Object.keys(JSON.parse(readFileSync(file, 'utf8')).dependencies ?? {}) : [];
  };
  const browser = new Set([...dependencies('packages/ui'), ...dependencies('console')]);
  const server = readdirSync(join(root, 'packages'))
    .filter((name) => name !== 'ui')
    .flatMap((name) => dependencies(`packages/${name}`));
  return new Set(server.filter((name) => !browser.has(name) && !name.startsWith('@moonbase/')));
}

export function isServerModule(specifier: string, server: ReadonlySet<string>): boolean {
  if (isBuiltin(specifier)) return true;
  if (browserEntries.some((entry) => specifier === entry || specifier.startsWith('@moonbase/ui/')))
    return false;
  if (specifier.startsWith('@moonbase/')) return true;
  const [, name = specifier] = /^((?:@[^/]+\/)?[^/]+)/.exec(specifier) ?? [];
  return server.has(name);
}

/** A service never reads another's tables. */
function checkTables({ root, services }: Repository, service: string): Violation[] {
  const others = services.filter((name) => name !== service).join('|');
  if (!others) return [];
  const pattern = new RegExp(
    `\\b(?:FROM|JOIN|INTO|UPDATE|TABLE|ONLY|REFERENCES)\\s+"?(${others})"?\\.\\w`,
    'gi',
  );
  return textFiles(join(root, 'services', service)).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return [...text.matchAll(pattern)].map((match): Violation => {
      const line = text.slice(0, match.index).split('\n').length;
      const at = `${relative(root, file)}:${line}`;
      return {
        at,
        rule: "others' tables",
        message: `${match[0]}… is ${match[1]}'s: keep a copy of its events`,
      };
    });
  });
}

function textFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (['node_modules', 'fixtures'].includes(entry.name)) return [];
    if (entry.isDirectory()) return textFiles(path);
    return /(?<!\.test)\.(ts|tsx|sql)$/.test(entry.name) ? [path] : [];
  });
}
