/** Questions about products. */
import { CELLS, type Question } from '../features/question.ts';

export const productQuestions = {
  'product-consistency': {
    title: 'Consistency of target achievement',
    description:
      'In what part of the days on record the product stood where its target asked it to stand by then.',
    group: 'products',
    allow: 'insights:read',
    by: ['product'],
    filters: ['period', 'product'],
    period: { months: 6 },
    columns: {
      product: ['Product', 'text'],
      records: ['Days on record', 'count'],
      achieved: ['Days on target', 'count'],
      consistency: ['Consistency', 'percent'],
    },
    chart: { kind: 'bar', x: 'product', series: ['consistency'], horizontal: true },
    drill: { product: 'product_id' },
    sql: `
      WITH days AS (
        SELECT DISTINCT ON ((r.aggregation_date AT TIME ZONE asked.zone)::date) r.id
          FROM asked, insights.runs r
         WHERE r.aggregation_date >= (asked.from_day::timestamp AT TIME ZONE asked.zone)
           AND r.aggregation_date < ((asked.to_day + 1)::timestamp AT TIME ZONE asked.zone) AND r.error IS NULL
         ORDER BY (r.aggregation_date AT TIME ZONE asked.zone)::date, r.aggregation_date DESC, r.id)
      SELECT p.name AS product, count(*) AS records, count(*) FILTER (WHERE d.progress >= d.expected) AS achieved,
             (count(*) FILTER (WHERE d.progress >= d.expected)::float8 / count(*)) AS consistency, p.id AS product_id
        FROM days JOIN insights.product_performance d ON d.run_id = days.id
        JOIN insights.products p ON p.id = d.product_id
       WHERE d.target IS NOT NULL AND ($6::uuid IS NULL OR p.id = $6::uuid)
       GROUP BY p.id ORDER BY consistency DESC, p.name`,
  },
  'fastest-products': {
    title: '3 fastest-growing products',
    description: 'Growth of a month’s sales over the month before.',
    group: 'products',
    allow: 'insights:read',
    by: ['product'],
    filters: ['period', 'branch', 'team'],
    period: { months: 1, whole: true },
    money: true,
    columns: {
      product: ['Product', 'text'],
      total: ['Sales', 'money'],
      previous: ['Month before', 'money'],
      growth: ['Growth', 'percent'],
    },
    chart: { kind: 'bar', x: 'product', series: ['growth'], horizontal: true },
    drill: { product: 'product_id' },
    sql: `
      WITH month AS (
        SELECT date_trunc('month', least(asked.to_day, asked.today)::timestamp)::date AS this FROM asked),
      figures AS (
        SELECT f.product_id, sum(f.amount) FILTER (WHERE f.month = month.this) AS total,
               sum(f.amount) FILTER (WHERE f.month < month.this) AS previous
          FROM month, insights.month_figures($9, (month.this - interval '1 month')::date, month.this) f
         WHERE ${CELLS}
         GROUP BY f.product_id)
      SELECT p.name AS product, coalesce(f.total, 0)::numeric(24,4) AS total, f.previous::numeric(24,4) AS previous,
             ((coalesce(f.total, 0) - f.previous) / f.previous)::float8 AS growth, p.id AS product_id
        FROM figures f JOIN insights.products p ON p.id = f.product_id
       WHERE f.previous > 0 ORDER BY growth DESC, p.name LIMIT 3`,
  },
  'product-trend': {
    title: 'Daily product trend',
    description: 'Sales per business day and product.',
    group: 'products',
    allow: 'insights:read',
    by: ['product'],
    filters: ['period', 'branch', 'team', 'product'],
    period: { months: 1, whole: true },
    money: true,
    columns: {
      day: ['Day', 'day'],
      product: ['Product', 'text'],
      total: ['Sales', 'money'],
      sales: ['Number', 'count'],
    },
    chart: { kind: 'line', x: 'day', pivot: { series: 'product', value: 'total' } },
    drill: { from: 'day', to: 'day', product: 'product_id' },
    sql: `
      WITH figures AS (
        SELECT f.day, f.product_id, sum(f.amount) AS total, sum(f.sales)::bigint AS sales
          FROM insights.day_figures($9, greatest($1, $2::date - 366), $2) f WHERE ${CELLS} GROUP BY 1, 2),
      sold AS (SELECT product_id, min(day) AS first, max(day) AS last FROM figures GROUP BY product_id)
      SELECT d.day::date AS day, p.name AS product, coalesce(f.total, 0)::numeric(24,4) AS total,
             coalesce(f.sales, 0) AS sales, p.id AS product_id
        FROM (SELECT min(first) AS first, max(last) AS last FROM sold) AS s
       CROSS JOIN LATERAL generate_series(s.first::timestamp, s.last::timestamp, '1 day') AS d(day)
       CROSS JOIN sold JOIN insights.products p ON p.id = sold.product_id
        LEFT JOIN figures f ON f.product_id = p.id AND f.day = d.day::date
       ORDER BY d.day, p.name`,
  },
  'product-targets': {
    title: 'Target amount against total sales',
    description: 'Sales of each product within its target’s period, against the target amount.',
    group: 'products',
    allow: 'insights:read',
    by: ['product'],
    filters: ['product'],
    period: 'all',
    money: true,
    columns: {
      product: ['Product', 'text'],
      target: ['Target amount', 'money'],
      total: ['Total sales', 'money'],
      achieved: ['Achieved', 'percent'],
      status: ['Status', 'status'],
    },
    chart: { kind: 'bar', x: 'product', series: ['target', 'total'] },
    drill: { product: 'product_id', from: 'from_day', to: 'to_day' },
    sql: `
      SELECT p.name AS product, r.value AS target, r.total::numeric(24,4) AS total,
             (r.total / nullif(r.value, 0))::float8 AS achieved,
             CASE WHEN r.total >= r.value THEN 'Achieved' ELSE 'Not achieved' END AS status,
             p.id AS product_id, nullif(r.from_day, '-infinity') AS from_day, r.to_day
        FROM asked, insights.target_progress(asked.today, $3) r JOIN insights.products p ON p.id = r.subject_id
       WHERE r.kind = 'product' AND ($6::uuid IS NULL OR p.id = $6)
       ORDER BY p.name`,
  },
} satisfies Record<string, Question>;
