import type { Queryable } from '@moonbase/data';

/** The consumer that moves the figures, as the host names it: `<service>.<reaction>`. */
export const FIGURES = 'insights.figures';

/** The position up to which every event is in the figures. */
export async function figuresPosition(db: Queryable): Promise<number> {
  const answer = await db.query<{ position: number | null }>(
    'SELECT min(position) AS position FROM events.lanes WHERE consumer = $1',
    [FIGURES],
  );
  return answer.rows[0]?.position ?? 0;
}
