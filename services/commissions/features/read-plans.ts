/** The plans with their versions, as they are computed with. */
import type { Queryable } from '@moonbase/data';
import type { PlanDefinition } from '../schema.ts';

export interface PlanRow {
  planId: string;
  name: string;
  from: string;
  to: string | null;
  /** Rising. */
  versions: { version: number; from: string; definition: PlanDefinition }[];
}

/** In the order of their ids. */
export async function readPlans(db: Queryable): Promise<PlanRow[]> {
  const found = await db.query<PlanRow>(
    `SELECT p.id AS "planId", p.name, p.first_day AS from, p.last_day AS to,
            json_agg(json_build_object('version', v.version, 'from', v.from_day, 'definition', v.definition)
                     ORDER BY v.version) AS versions
     FROM commissions.plans p JOIN commissions.plan_versions v ON v.plan_id = p.id
     GROUP BY p.id ORDER BY p.id`,
  );
  return found.rows;
}
