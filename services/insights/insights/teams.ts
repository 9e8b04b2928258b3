/** Questions about teams. A team's amount is that of its agents' shares. */
import { CELLS, type Question } from '../features/question.ts';

export const teamQuestions = {
  'top-teams': {
    title: 'Top 5 teams',
    description: 'Teams by the amount of their agents’ sales.',
    group: 'teams',
    allow: 'insights:read',
    by: ['team'],
    filters: ['period', 'branch', 'product'],
    period: 'all',
    money: true,
    columns: { team: ['Team', 'text'], total: ['Sales', 'money'], sales: ['Number', 'count'] },
    chart: { kind: 'bar', x: 'team', series: ['total'], horizontal: true },
    drill: { team: 'team_id' },
    sql: `
      SELECT t.name AS team, sum(f.amount)::numeric(24,4) AS total, sum(f.sales)::bigint AS sales, t.id AS team_id
        FROM insights.range_figures($9, $1, $2) f JOIN insights.teams t ON t.id = f.team_id
       WHERE ${CELLS}
       GROUP BY t.id ORDER BY total DESC, t.name LIMIT 5`,
  },
  'team-growth': {
    title: 'Monthly growth per team',
    description: 'Each team’s sales of a month against the month before.',
    group: 'teams',
    allow: 'insights:read',
    by: ['team'],
    filters: ['period', 'branch', 'team', 'product'],
    period: { months: 3, whole: true },
    money: true,
    columns: {
      month: ['Month', 'month'],
      team: ['Team', 'text'],
      total: ['Sales', 'money'],
      previous: ['Month before', 'money'],
      growth: ['Growth', 'percent'],
    },
    chart: { kind: 'bar', x: 'month', pivot: { series: 'team', value: 'growth' } },
    drill: { from: 'month', to: 'month_end', team: 'team_id' },
    sql: `
      WITH monthly AS (
        SELECT f.month, f.team_id, sum(f.amount) AS total FROM insights.month_figures($9, ($1::date - interval '1 month')::date, $2) f
         WHERE ${CELLS}
         GROUP BY f.month, f.team_id)
      SELECT m.month::date AS month, t.name AS team, coalesce(this.total, 0)::numeric(24,4) AS total,
             coalesce(before.total, 0)::numeric(24,4) AS previous,
             ((coalesce(this.total, 0) - before.total) / nullif(before.total, 0))::float8 AS growth,
             t.id AS team_id, (m.month + interval '1 month')::date - 1 AS month_end
        FROM asked,
             generate_series(greatest(date_trunc('month', asked.from_day::timestamp), asked.today - interval '5 years'),
                             least(asked.to_day, asked.today)::timestamp, '1 month') AS m(month)
        JOIN insights.teams t ON ($5::uuid IS NULL OR t.id = $5::uuid)
        LEFT JOIN monthly this ON this.team_id = t.id AND this.month = m.month::date
        LEFT JOIN monthly before ON before.team_id = t.id AND before.month = (m.month - interval '1 month')::date
       WHERE this.total IS NOT NULL OR before.total IS NOT NULL
       ORDER BY m.month, t.name`,
  },
  'team-targets': {
    title: 'Teams against their targets',
    description: 'Sales within the period of the target that holds today, against its amount.',
    group: 'teams',
    allow: 'insights:read',
    by: ['team'],
    filters: ['team'],
    period: 'all',
    money: true,
    columns: {
      team: ['Team', 'text'],
      total: ['Sales in its period', 'money'],
      target: ['Target', 'money'],
      achieved: ['Achieved', 'percent'],
      status: ['Status', 'status'],
    },
    chart: { kind: 'bar', x: 'team', series: ['total', 'target'] },
    drill: { from: 'from_day', to: 'to_day', team: 'team_id' },
    sql: `
      SELECT t.name AS team, r.total::numeric(24,4) AS total, r.value AS target,
             (r.total / nullif(r.value, 0))::float8 AS achieved,
             CASE WHEN r.total >= r.value THEN 'Achieved' ELSE 'Not achieved' END AS status,
             t.id AS team_id, r.from_day, r.to_day
        FROM asked, insights.target_progress(asked.today, $3) r JOIN insights.teams t ON t.id = r.subject_id
       WHERE r.kind = 'team' AND ($5::uuid IS NULL OR t.id = $5)
       ORDER BY achieved DESC, t.name`,
  },
} satisfies Record<string, Question>;
