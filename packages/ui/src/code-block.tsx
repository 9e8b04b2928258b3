/** Code or JSON as it is, with a button to copy it. */
import classes from './code-block.module.css';
import { CopyButton } from './copy-button.tsx';

const sqlWords =
  /('(?:[^']|'')*')|(--[^\n]*)|\b(select|from|where|group by|order by|limit|offset|join|left|right|inner|outer|full|cross|lateral|on|using|as|and|or|not|in|is|null|like|ilike|between|case|when|then|else|end|with|union|all|distinct|having|over|partition by|filter|desc|asc|interval|date|true|false|count|sum|avg|min|max|coalesce|cast|date_trunc)\b|\b(\d+(?:\.\d+)?)\b/gi;
const jsonParts =
  /("(?:[^"\\]|\\.)*")(?=\s*:)|("(?:[^"\\]|\\.)*")|\b(true|false|null)\b|(-?\b\d+(?:\.\d+)?\b)/g;

export function CodeBlock({
  code,
  language = 'text',
  label = 'Code',
  maxHeight = 420,
}: {
  code: string;
  language?: 'sql' | 'json' | 'text';
  label?: string;
  maxHeight?: number;
}) {
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard. */}
      <section className={classes.scroll} style={{ maxHeight }} tabIndex={0} aria-label={label}>
        <pre className={classes.pre}>
          <code>{language === 'text' ? code : coloured(code, language)}</code>
        </pre>
      </section>
      <div className={classes.copy}>
        <CopyButton value={code} />
      </div>
    </div>
  );
}

function coloured(code: string, language: 'sql' | 'json') {
  const kinds =
    language === 'sql' ? ['string', 'comment', 'word', 'number'] : ['name', 'string', 'word', 'number'];
  const parts: React.ReactNode[] = [];
  let from = 0;
  for (const match of code.matchAll(language === 'sql' ? sqlWords : jsonParts)) {
    if (match.index > from) parts.push(code.slice(from, match.index));
    const kind = kinds[match.slice(1).findIndex((group) => group !== undefined)];
    parts.push(
      <span key={match.index} className={classes[kind ?? '']}>
        {match[0]}
      </span>,
    );
    from = match.index + match[0].length;
  }
  parts.push(code.slice(from));
  return parts;
}
