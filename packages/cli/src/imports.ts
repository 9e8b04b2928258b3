/** The imports of a source file, told from its text: quick, and enough for how this repository writes them. */

export interface Import {
  /** As written: `./api.ts`, `@moonbase/data`, `node:fs`. */
  specifier: string;
  /** `import type` and `export type … from`: gone when it runs. */
  typeOnly: boolean;
  line: number;
}

// An import or export with a source, a bare import, a dynamic one; quotes of either kind.
const patterns = [
  /(?:^|[\n;}])\s*(?<keyword>import|export)\s+(?<type>type\s+(?!from\b))?(?:[\w$*{][^'"`;]*?\s+|\{[^}]*\}\s*)from\s*['"](?<from>[^'"\n]+)['"]/g,
  /(?:^|[\n;}])\s*import\s*['"](?<from>[^'"\n]+)['"]/g,
  /\bimport\s*\(\s*['"`](?<from>[^'"`\n]+)['"`]/g,
  /\brequire\s*\(\s*['"](?<from>[^'"\n]+)['"]/g,
];

/** Reads them in the order of their kinds. Comments do not count. */
export function importsOf(source: string): Import[] {
  const text = withoutComments(source);
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({
      specifier: match.groups?.from ?? '',
      typeOnly: Boolean(match.groups?.type),
      line: text.slice(0, match.index + match[0].length).split('\n').length,
    })),
  );
}

/** Comments become blanks of the same length and lines; strings and templates stay. */
function withoutComments(source: string): string {
  const pattern = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return source.replace(pattern, (found) =>
    found.startsWith('//') || found.startsWith('/*') ? found.replace(/[^\n]/g, ' ') : found,
  );
}
