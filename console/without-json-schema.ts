import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

/**
 * Leaves zod's writer of JSON Schema out of the browser: every shape refers to it and no page calls it, and
 * it is 27 kB of the first load. A page that did call it would be told so by name.
 */
export function withoutJsonSchema(): Plugin {
  return {
    name: 'without-json-schema',
    load: {
      filter: { id: /\/zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/ },
      async handler(id) {
        const source = await readFile(id, 'utf8');
        const declared = [...source.matchAll(/^export (?:function|const) (\w+)/gm)].map(([, name]) => name);
        const renamed = [...source.matchAll(/^export \{ \w+ as (\w+) \};$/gm)].map(([, name]) => name);
        const lines = [...declared, ...renamed].map((name) => `export { absent as ${name} };`);
        return `function absent() { throw new Error('JSON Schema is not written in the browser.'); }\n${lines.join('\n')}`;
      },
    },
  };
}
