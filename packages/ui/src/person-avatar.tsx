/** A person's initials in a colour that stays theirs. */
import classes from './person-avatar.module.css';

const sizes = { sm: 20, md: 28, lg: 44 } as const;

export function PersonAvatar({
  name,
  size = 'md',
  withName,
}: {
  name: string | null | undefined;
  size?: keyof typeof sizes;
  /** Writes the name beside it. */
  withName?: boolean;
}) {
  const shown = name?.trim() || 'Unknown';
  const circle = (
    <span
      className={classes.avatar}
      style={{ '--size': `${sizes[size]}px`, '--hue': hueOf(shown) } as React.CSSProperties}
      aria-hidden={withName || undefined}
      title={withName ? undefined : shown}
      {...(withName ? {} : { role: 'img', 'aria-label': shown })}
      // Drawn, not written: a picture's letters are no part of the name of the button it is in.
      data-initials={initialsOf(shown)}
    />
  );
  if (!withName) return circle;
  return (
    <span className={classes.person}>
      {circle}
      <span className={classes.name}>{shown}</span>
    </span>
  );
}

/** First letters of the first and last word. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('');
}

function hueOf(name: string): number {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return hash;
}
