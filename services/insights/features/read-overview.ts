/** The console's first page: today against target, the leaders of the month, what needs attention. */
import type { Queryable, Reach } from '@moonbase/data';
import { can } from '@moonbase/identity';
import type { Handler } from '@moonbase/service';
import type { insightsApi } from '../api.ts';
import { addDays, dayIn, monthOf } from './days.ts';
import { figuresPosition } from './figures-position.ts';
import { OWN, reachLevel } from './reach-level.ts';

interface Sum {
  total: string;
  sales: number;
}

interface DaySum extends Sum {
  day: string;
}

const DAYS = 14;

export const readOverview: Handler<typeof insightsApi.readOverview> = async (
  { reach, principal },
  context,
) => {
  const { db, clock } = context;
  const { currency, zone } = await context.organisation();
  const now = clock.now();
  const today = dayIn(zone, now);
  const monthStart = monthOf(today);
  const level = reachLevel(reach);
  const range = [monthStart, today, currency, level] as const;
  const [
    days,
    month,
    monthBefore,
    target,
    agents,
    teams,
    branches,
    behind,
    failed,
    silent,
    others,
    position,
  ] = await Promise.all([
    daySums(db, [addDays(today, 1 - DAYS), today, currency, level]),
    sum(db, range),
    // As many days of the month before, so that a comparison is fair.
    sum(db, [monthOf(today, -1), earlier(today, monthOf(today, -1)), currency, level]),
    companyTarget(db, today, currency),
    can(principal, 'agents:read') ? ranking(db, AGENTS, monthStart, today, currency) : [],
    ranking(db, TEAMS, ...range),
    ranking(db, BRANCHES, ...range),
    behindTargets(db, today, currency),
    failedNotifications(db, addDays(today, -6)),
    reach.all || reach.branches.length > 0 ? silentBranches(db, addDays(today, -6), reach) : [],
    otherCurrencies(db, range),
    figuresPosition(db),
  ]);
  return {
    status: 200,
    body: {
      reach: reach.all ? 'all' : level === OWN ? 'own' : 'led',
      day: today,
      currency,
      today: plain(days.at(-1)!),
      yesterday: plain(days.at(-2)!),
      month,
      monthBefore,
      target,
      days,
      agents,
      teams,
      branches,
      attention: { behind, failedNotifications: failed, silentBranches: silent },
      others,
      position,
      generatedAt: now.toISOString(),
    },
  };
};

const plain = ({ total, sales }: DaySum): Sum => ({ total, sales });

/** The same day of the month that begins at `start`, or its last day. */
function earlier(today: string, start: string): string {
  const same = addDays(start, Number(today.slice(8)) - 1);
  return same.slice(0, 7) === start.slice(0, 7) ? same : addDays(monthOf(start, 1), -1);
}

async function daySums(db: Queryable, range: Range): Promise<DaySum[]> {
  const answer = await db.query<DaySum>(
    `SELECT d.day::date AS day, coalesce(sum(f.amount), 0)::numeric(24,4) AS total, coalesce(sum(f.sales), 0)::bigint AS sales
       FROM generate_series($1::date::timestamp, $2::date::timestamp, '1 day') AS d(day)
       LEFT JOIN insights.day_figures($4, $1::date, $2::date) f ON f.day = d.day::date AND f.currency = $3
      GROUP BY d.day ORDER BY d.day`,
    range,
  );
  return answer.rows;
}

type Range = readonly [from: string, to: string, currency: string, level: number];

async function sum(db: Queryable, range: Range): Promise<Sum> {
  const answer = await db.query<Sum>(
    `SELECT coalesce(sum(amount), 0)::numeric(24,4) AS total, coalesce(sum(sales), 0)::bigint AS sales
       FROM insights.range_figures($4, $1, $2) WHERE currency = $3`,
    range,
  );
  return answer.rows[0]!;
}

async function otherCurrencies(db: Queryable, range: Range) {
  const answer = await db.query<Sum & { currency: string }>(
    `SELECT currency, sum(amount)::numeric(24,4) AS total, sum(sales)::bigint AS sales
       FROM insights.range_figures($4, $1, $2) WHERE currency <> $3
      GROUP BY currency HAVING sum(sales) <> 0 ORDER BY currency`,
    range,
  );
  return answer.rows;
}

const TEAMS = `
  SELECT t.id, t.name, sum(f.amount)::numeric(24,4) AS total, sum(f.sales)::bigint AS sales
    FROM insights.range_figures($4::int | 2, $1, $2) f JOIN insights.teams t ON t.id = f.team_id
   WHERE f.currency = $3 GROUP BY t.id ORDER BY total DESC, t.name LIMIT 5`;
const BRANCHES = `
  SELECT b.id, b.name, sum(f.amount)::numeric(24,4) AS total, sum(f.sales)::bigint AS sales
    FROM insights.range_figures($4::int | 4, $1, $2) f JOIN insights.branches b ON b.id = f.branch_id
   WHERE f.currency = $3 GROUP BY b.id ORDER BY total DESC, b.name LIMIT 5`;
const AGENTS = `
  SELECT f.agent_id AS id, coalesce(a.name, CASE WHEN a.erased THEN 'Erased agent' END, a.code, 'Unknown agent') AS name,
         f.total, f.sales
    FROM (SELECT agent_id, sum(amount)::numeric(24,4) AS total, sum(sales)::bigint AS sales
            FROM insights.range_agent_figures($1, $2) WHERE currency = $3
           GROUP BY agent_id ORDER BY total DESC, agent_id LIMIT 5) AS f
    LEFT JOIN insights.agents a ON a.id = f.agent_id ORDER BY f.total DESC, name`;

async function ranking(db: Queryable, sql: string, ...range: readonly unknown[]) {
  const answer = await db.query<{ id: string; name: string; total: string; sales: number }>(sql, range);
  return answer.rows;
}

/** Which part of a target's period is over, the present day counted half. */
const PACE = `CASE WHEN r.to_day IS NULL THEN NULL
  ELSE ($1::date - r.from_day + 0.5) / (r.to_day - r.from_day + 1) END::float8`;

async function companyTarget(db: Queryable, today: string, currency: string) {
  const answer = await db.query<{
    value: string;
    total: string;
    from: string;
    to: string | null;
    pace: number | null;
    perDay: string | null;
  }>(
    `SELECT r.value, r.total::numeric(24,4) AS total, r.from_day AS "from", r.to_day AS "to", ${PACE} AS pace,
            (r.value / (r.to_day - r.from_day + 1))::numeric(24,4) AS "perDay"
       FROM insights.target_progress($1, $2) r WHERE r.kind = 'company' LIMIT 1`,
    [today, currency],
  );
  return answer.rows[0] ?? null;
}

/** Targets of teams, branches and products that ought to stand higher by now. */
async function behindTargets(db: Queryable, today: string, currency: string) {
  const answer = await db.query<{
    targetId: string;
    kind: string;
    name: string;
    value: string;
    total: string;
    pace: number;
    achieved: number;
  }>(
    `SELECT * FROM (
       SELECT r.target_id AS "targetId", r.kind, coalesce(t.name, b.name, p.name) AS name, r.value,
              r.total::numeric(24,4) AS total, ${PACE} AS pace, (r.total / nullif(r.value, 0))::float8 AS achieved
         FROM insights.target_progress($1, $2) r
         LEFT JOIN insights.teams t ON r.kind = 'team' AND t.id = r.subject_id
         LEFT JOIN insights.branches b ON r.kind = 'branch' AND b.id = r.subject_id
         LEFT JOIN insights.products p ON r.kind = 'product' AND p.id = r.subject_id
        WHERE r.to_day IS NOT NULL AND r.target_id IS NOT NULL) AS x
      WHERE name IS NOT NULL AND achieved < pace * 0.9 ORDER BY achieved - pace, name LIMIT 10`,
    [today, currency],
  );
  return answer.rows;
}

async function failedNotifications(db: Queryable, since: string): Promise<number> {
  const answer = await db.query<{ count: number }>(
    `SELECT coalesce(sum(notifications), 0)::bigint AS count FROM insights.notification_days
      WHERE status = 'FAILED' AND day >= $1`,
    [since],
  );
  return answer.rows[0]!.count;
}

async function silentBranches(db: Queryable, since: string, reach: Reach) {
  const answer = await db.query<{ id: string; name: string }>(
    `SELECT b.id, b.name FROM insights.branches b
      WHERE b.active AND ($2::uuid[] IS NULL OR b.id = ANY ($2)) AND NOT EXISTS (
        SELECT FROM insights.day_figures(4, $1, '2999-12-31') f WHERE f.branch_id = b.id
         GROUP BY f.branch_id HAVING sum(f.sales) > 0)
      ORDER BY b.name LIMIT 10`,
    [since, reach.all ? null : reach.branches],
  );
  return answer.rows;
}
