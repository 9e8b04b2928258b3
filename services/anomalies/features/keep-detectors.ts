/** The detectors as people see them: on or off, where each threshold stands, and how answers moved it. */
import type { Queryable } from '@moonbase/data';
import type { Handler } from '@moonbase/service';
import type { anomaliesApi } from '../api.ts';
import { type DetectorName, type DetectorView, detectorNames } from '../schema.ts';
import { detectors } from './detectors.ts';
import { ANSWERS_OF_AGENT, MOST_ABOVE, MOST_BELOW, moveOf } from './thresholds.ts';

export const listDetectors: Handler<typeof anomaliesApi.listDetectors> = async (_, { db }) => ({
  status: 200,
  body: { items: await viewsOf(db, detectorNames) },
});

export const changeDetector: Handler<typeof anomaliesApi.changeDetector> = async (
  { params, body },
  { db },
) => {
  await db.query(
    `INSERT INTO anomalies.detectors (name, active) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET active = excluded.active`,
    [params.name, body.active],
  );
  return { status: 200, body: (await viewsOf(db, [params.name]))[0]! };
};

export const resetDetector: Handler<typeof anomaliesApi.resetDetector> = async ({ params }, { db }) => {
  await db.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO anomalies.detectors AS d (name, round) VALUES ($1, 2)
       ON CONFLICT (name) DO UPDATE SET round = d.round + 1`,
      [params.name],
    );
    await tx.query('DELETE FROM anomalies.answers WHERE detector = $1', [params.name]);
  });
  return { status: 200, body: (await viewsOf(db, [params.name]))[0]! };
};

async function viewsOf(db: Queryable, names: readonly DetectorName[]): Promise<DetectorView[]> {
  const found = await db.query<{
    name: DetectorName;
    active: boolean;
    right: number;
    wrong: number;
    agents: number;
    open: number;
  }>(
    `SELECT n.name, coalesce(d.active, true) AS active, coalesce(a.confirmed, 0) AS right,
       coalesce(a.refuted, 0) AS wrong,
       (SELECT count(*) FROM anomalies.answers o WHERE o.detector = n.name AND o.about <> 'all'
        AND o.confirmed + o.refuted >= $2) AS agents,
       (SELECT count(*) FROM anomalies.anomalies x WHERE x.detector = n.name AND x.status = 'open') AS open
     FROM unnest($1::text[]) WITH ORDINALITY AS n (name, place)
     LEFT JOIN anomalies.detectors d ON d.name = n.name
     LEFT JOIN anomalies.answers a ON a.detector = n.name AND a.about = 'all'
     ORDER BY n.place`,
    [names, ANSWERS_OF_AGENT],
  );
  return found.rows.map(({ name, ...row }) => {
    const { version, title, looksAt, history, threshold: base } = detectors[name];
    const marked = row.right + row.wrong;
    return {
      ...{ name, version, title, looksAt, history, base },
      ...row,
      threshold: Math.round((base + moveOf(row)) * 100) / 100,
      least: base - MOST_BELOW,
      most: base + MOST_ABOVE,
      precision: marked === 0 ? null : row.right / marked,
    };
  });
}
