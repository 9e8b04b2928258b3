/** Between instants and what a clock on the wall shows in a zone. */

/** `YYYY-MM-DD HH:mm:ss` that clocks in the zone (the browser's unless given) show at an instant. */
export function wallTimeOf(instant: string | Date, zone?: string): string {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(new Date(instant));
}

/** The instant (ISO) at which clocks in the zone show this; the later one where they show it never or twice. */
export function instantOf(wall: string, zone?: string): string {
  const wanted = Date.parse(`${wall.replace(' ', 'T')}Z`);
  let at = wanted;
  // The offset depends on the instant: the second step settles days on which it changes.
  for (let step = 0; step < 2; step += 1) {
    const shown = Date.parse(`${wallTimeOf(new Date(at), zone).replace(' ', 'T')}Z`);
    at += wanted - shown;
  }
  return new Date(at).toISOString();
}
