/** The day that weeks begin with where the viewer is: 0 is Sunday. */
export function firstDayOfWeek(locale: string | null): 0 | 1 | 2 | 3 | 4 | 5 | 6 {
  try {
    const known = new Intl.Locale(locale ?? navigator.language) as Intl.Locale & {
      getWeekInfo?: () => { firstDay: number };
      weekInfo?: { firstDay: number };
    };
    const first = (known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? 1;
    return (first % 7) as 0 | 1 | 2 | 3 | 4 | 5 | 6;
  } catch {
    return 1;
  }
}
