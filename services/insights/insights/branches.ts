/** Questions about branches. A sale counts for the branch it was frozen with. */
import { CELLS, HOUR_CELLS, HOUR_SALES, type Question } from '../features/question.ts';

export const branchQuestions = {
  'bottom-branches': {
    title: 'Bottom 5 branches',
    description: 'Branches with the least sales, those without any included.',
    group: 'branches',
    allow: 'insights:read',
    by: ['branch'],
    filters: ['period', 'team', 'product'],
    period: { months: 1, whole: true },
    money: true,
    columns: { branch: ['Branch', 'text'], total: ['Sales', 'money'], sales: ['Number', 'count'] },
    chart: { kind: 'bar', x: 'branch', series: ['total'], horizontal: true },
    drill: { branch: 'branch_id' },
    sql: `
      SELECT b.name AS branch, coalesce(f.total, 0)::numeric(24,4) AS total, coalesce(f.sales, 0) AS sales, b.id AS branch_id
        FROM insights.branches b
        LEFT JOIN (SELECT f.branch_id, sum(f.amount) AS total, sum(f.sales)::bigint AS sales
                     FROM insights.range_figures($9, $1, $2) f WHERE ${CELLS} GROUP BY f.branch_id) AS f
               ON f.branch_id = b.id
       WHERE b.active ORDER BY total, b.name LIMIT 5`,
  },
  'top-branches': {
    title: 'Top branches, last 24 hours',
    description: 'Branches by the amount of sales made within the last 24 hours.',
    group: 'branches',
    allow: 'insights:read',
    by: ['branch'],
    filters: ['team', 'product'],
    period: { days: 2 },
    money: true,
    columns: { branch: ['Branch', 'text'], total: ['Sales', 'money'], sales: ['Number', 'count'] },
    chart: { kind: 'bar', x: 'branch', series: ['total'], horizontal: true },
    drill: { branch: 'branch_id' },
    sql: `
      SELECT b.name AS branch, sum(f.amount)::numeric(24,4) AS total, ${HOUR_SALES} AS sales, b.id AS branch_id
        FROM insights.hour_figures f JOIN insights.branches b ON b.id = f.branch_id
       WHERE f.hour > $7::timestamptz - interval '24 hours' AND ${HOUR_CELLS}
       GROUP BY b.id HAVING sum(f.sales) <> 0 OR sum(f.team_sales) <> 0
       ORDER BY total DESC, b.name LIMIT 10`,
  },
  'monthly-branches': {
    title: 'Monthly sales by branch',
    description: 'Sales per month and branch.',
    group: 'branches',
    allow: 'insights:read',
    by: ['branch'],
    filters: ['period', 'branch', 'team', 'product'],
    period: { months: 6 },
    money: true,
    columns: {
      month: ['Month', 'month'],
      branch: ['Branch', 'text'],
      total: ['Sales', 'money'],
      sales: ['Number', 'count'],
    },
    chart: { kind: 'bar', x: 'month', pivot: { series: 'branch', value: 'total' }, stacked: true },
    drill: { from: 'month', to: 'month_end', branch: 'branch_id' },
    sql: `
      SELECT f.month, b.name AS branch, sum(f.amount)::numeric(24,4) AS total, sum(f.sales)::bigint AS sales, b.id AS branch_id,
             (f.month + interval '1 month')::date - 1 AS month_end
        FROM insights.month_figures($9, $1, $2) f JOIN insights.branches b ON b.id = f.branch_id
       WHERE ${CELLS}
       GROUP BY f.month, b.id ORDER BY f.month, b.name`,
  },
  'branch-shares': {
    title: 'Each branch’s share',
    description: 'What part of all sales each branch makes.',
    group: 'branches',
    allow: 'insights:read',
    by: ['branch'],
    filters: ['period', 'team', 'product'],
    period: 'all',
    money: true,
    columns: { branch: ['Branch', 'text'], total: ['Sales', 'money'], share: ['Share', 'percent'] },
    chart: { kind: 'donut', x: 'branch', series: ['total'] },
    drill: { branch: 'branch_id' },
    sql: `
      SELECT b.name AS branch, sum(f.amount)::numeric(24,4) AS total,
             (sum(f.amount) / nullif(sum(sum(f.amount)) OVER (), 0))::float8 AS share, b.id AS branch_id
        FROM insights.range_figures($9, $1, $2) f JOIN insights.branches b ON b.id = f.branch_id
       WHERE ${CELLS} GROUP BY b.id ORDER BY total DESC, b.name`,
  },
} satisfies Record<string, Question>;
