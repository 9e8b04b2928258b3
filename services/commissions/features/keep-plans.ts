/**
 * Plans: made, changed by a new version from a day on, ended.
 *
 * A version never changes. Whatever is open is computed anew when a plan does; what is closed stays, whatever
 * day the new version begins on.
 */
import { newId, type Transaction } from '@moonbase/data';
import { actorOf } from '@moonbase/identity';
import type { Handler, ServiceContext } from '@moonbase/service';
import type { commissionsApi } from '../api.ts';
import { commissionsError } from '../errors.ts';
import type { Plan, PlanDefinition } from '../schema.ts';
import { faultsOf } from './judge-plan.ts';
import { dayIn, monthOf } from './months.ts';
import { makeStale } from './refresh-statements.ts';

export const listPlans: Handler<typeof commissionsApi.listPlans> = async (_request, context) => {
  const { zone } = await context.organisation();
  const today = dayIn(zone, context.clock.now());
  const found = await context.db.query<Omit<Plan, 'current' | 'running'>>(
    `SELECT p.id AS "planId", p.name, p.first_day AS from, p.last_day AS to,
            json_agg(json_build_object('version', v.version, 'from', v.from_day, 'definition', v.definition,
              'note', v.note, 'createdAt', v.created_at, 'createdBy', v.created_by, 'settledLines', 0)
              ORDER BY v.version DESC) AS versions
     FROM commissions.plans p JOIN commissions.plan_versions v ON v.plan_id = p.id
     GROUP BY p.id ORDER BY p.name, p.id`,
  );
  const settled = await context.db.query<{ plan: string; version: number; lines: number }>(
    `SELECT settled_plan AS plan, settled_version AS version, count(*) AS lines FROM commissions.shares
     WHERE settled_plan IS NOT NULL GROUP BY 1, 2`,
  );
  const products = await context.db.query<{ id: string; code: string; type: string; name: string }>(
    'SELECT id, code, type, name FROM commissions.known_products ORDER BY name, id',
  );
  const items = found.rows.map((plan) => {
    const current = plan.versions.find(({ from }) => from <= today) ?? plan.versions[0]!;
    return {
      ...plan,
      current: current.version,
      running: plan.from <= today && (plan.to === null || plan.to >= today) && current.from <= today,
      versions: plan.versions.map((version) => ({
        ...version,
        createdAt: new Date(version.createdAt).toISOString(),
        settledLines:
          settled.rows.find((row) => row.plan === plan.planId && row.version === version.version)?.lines ?? 0,
      })),
    };
  });
  return { status: 200, body: { items, products: products.rows } };
};

export const createPlan: Handler<typeof commissionsApi.createPlan> = async ({ body, principal }, context) => {
  const { name, from, to, definition } = body;
  const faults = faultsOf(definition);
  if (to !== null && to < from) faults.push({ at: '/to', message: 'Not before its first day.' });
  if (faults.length > 0) throw commissionsError('plan_impossible', { faults });
  const planId = newId();
  await context.db.transaction(async (tx) => {
    await insertPlan(tx, { planId, name, from, to, definition, actor: actorOf(principal) }, context);
    await makeStale(tx, 'all', context);
  });
  return { status: 201, body: { planId } };
};

export async function insertPlan(
  tx: Transaction,
  plan: {
    planId: string;
    name: string;
    from: string;
    to: string | null;
    definition: PlanDefinition;
    actor: string;
  },
  context: ServiceContext,
): Promise<void> {
  // One at a time: where commissions begin is looked at before it may be moved.
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('commissions.plans'))`);
  const begun = await tx.query<{ begin: string | null }>(
    `SELECT min(first_day) AS begin FROM commissions.plans
     WHERE EXISTS (SELECT FROM commissions.statements WHERE status <> 'open')`,
  );
  const begin = begun.rows[0]?.begin;
  if (begin && monthOf(plan.from) < monthOf(begin))
    throw commissionsError('plan_before_beginning', {
      faults: [{ at: '/from', message: `Not before ${monthOf(begin)}.` }],
    });
  const now = context.clock.now();
  await tx.query(
    `INSERT INTO commissions.plans (id, name, first_day, last_day, created_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [plan.planId, plan.name, plan.from, plan.to, now, plan.actor],
  );
  await tx.query(
    `INSERT INTO commissions.plan_versions (plan_id, version, from_day, definition, created_at, created_by)
     VALUES ($1, 1, $2, $3, $4, $5)`,
    [plan.planId, plan.from, JSON.stringify(plan.definition), now, plan.actor],
  );
}

export const changePlan: Handler<typeof commissionsApi.changePlan> = async (
  { params, body, principal },
  context,
) => {
  const faults = faultsOf(body.definition);
  const version = await context.db.transaction(async (tx) => {
    const plan = await tx.query<{ first_day: string; last_day: string | null }>(
      'SELECT first_day, last_day FROM commissions.plans WHERE id = $1 FOR UPDATE',
      [params.id],
    );
    const known = plan.rows[0];
    if (!known) throw commissionsError('plan_unknown');
    if (body.from < known.first_day)
      faults.push({ at: '/from', message: `Not before the plan's first day, ${known.first_day}.` });
    if (known.last_day !== null && body.from > known.last_day)
      faults.push({ at: '/from', message: `Not after the plan's last day, ${known.last_day}.` });
    if (faults.length > 0) throw commissionsError('plan_impossible', { faults });
    const made = await tx.query<{ version: number }>(
      `INSERT INTO commissions.plan_versions (plan_id, version, from_day, definition, note, created_at, created_by)
       SELECT $1, max(version) + 1, $2, $3, $4, $5, $6 FROM commissions.plan_versions WHERE plan_id = $1
       RETURNING version`,
      [
        params.id,
        body.from,
        JSON.stringify(body.definition),
        body.note,
        context.clock.now(),
        actorOf(principal),
      ],
    );
    await makeStale(tx, 'all', context);
    return made.rows[0]!.version;
  });
  return { status: 201, body: { planId: params.id, version } };
};

export const endPlan: Handler<typeof commissionsApi.endPlan> = async ({ params, body }, context) => {
  await context.db.transaction(async (tx) => {
    const plan = await tx.query<{ first_day: string }>(
      'SELECT first_day FROM commissions.plans WHERE id = $1 FOR UPDATE',
      [params.id],
    );
    const known = plan.rows[0];
    if (!known) throw commissionsError('plan_unknown');
    if (body.to !== null && body.to < known.first_day)
      throw commissionsError('plan_impossible', {
        faults: [{ at: '/to', message: `Not before its first day, ${known.first_day}.` }],
      });
    await tx.query('UPDATE commissions.plans SET last_day = $2 WHERE id = $1', [params.id, body.to]);
    await makeStale(tx, 'all', context);
  });
  return { status: 200, body: { planId: params.id } };
};
