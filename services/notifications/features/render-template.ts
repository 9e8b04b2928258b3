/**
 * Texts with placeholders: `{{name}}` becomes its value, once. Nothing in a template or a value is ever run,
 * and a value that looks like a placeholder stays as it is.
 */
const placeholder = /\{\{\s*([a-z][a-zA-Z]*)\s*\}\}/g;

/** Unknown placeholders become nothing: see {@link unknownPlaceholders} for refusing them before. */
export function renderTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(placeholder, (_, name: string) =>
    Object.hasOwn(values, name) ? values[name]! : '',
  );
}

/** Names that a template asks for and that are not known, in their order. */
export function unknownPlaceholders(template: string, known: Readonly<Record<string, unknown>>): string[] {
  const names = [...template.matchAll(placeholder)].map((match) => match[1]!);
  return [...new Set(names.filter((name) => !Object.hasOwn(known, name)))];
}

/** A rendered subject on one line, as mail headers must be. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
