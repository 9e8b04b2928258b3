/** What the console's bundle is made of, and whether any of it is of the server. */
import { join, relative } from 'node:path';
import { build, type Plugin } from 'vite';
import { serverModules } from './boundaries.ts';

/** Modules of the server among a bundle's, by their ids as the bundler gives them. */
export function serverModulesIn(ids: readonly string[], root: string): string[] {
  const libraries = serverModules(root);
  return ids.filter((id) => {
    // What the bundler puts in the place of a module of Node.
    if (id.includes('__vite-browser-external')) return true;
    const path = relative(root, id.replace(/^\0/, '').replace(/\?.*$/, ''));
    const [, library] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
    if (library) return libraries.has(library);
    const [, owner] = /^packages\/([^/]+)\//.exec(path) ?? [];
    if (owner === 'http')
      return !/^packages\/http\/src\/(client|errors|routes|answer|event-stream)/.test(path);
    if (path === 'packages/service/src/system-api.ts') return false;
    if (path === 'packages/service/src/privacy/privacy-api.ts') return false;
    if (owner) return owner !== 'ui';
    return /^services\/[^/]+\/(features|migrations|fixtures|service|reactions|jobs|commands|seed)\b/.test(
      path,
    );
  });
}

/** Builds the console without writing it. @returns the ids of its modules */
export async function bundledModules(root: string, plugins: Plugin[] = []): Promise<string[]> {
  const ids = new Set<string>();
  await build({
    configFile: join(root, 'console', 'vite.config.ts'),
    logLevel: 'silent',
    build: { write: false, minify: false },
    plugins: [
      ...plugins,
      {
        name: 'list-modules',
        generateBundle(_options, bundle) {
          for (const chunk of Object.values(bundle)) {
            if (chunk.type === 'chunk') for (const id of Object.keys(chunk.modules)) ids.add(id);
          }
        },
      },
    ],
  });
  return [...ids];
}
