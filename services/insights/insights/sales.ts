/** Questions about sales as a whole. */
import { CELLS, HOUR_CELLS, HOUR_SALES, type Question } from '../features/question.ts';

export const salesQuestions = {
  'daily-sales': {
    title: 'Daily sales',
    description: 'Amount and number of sales per business day.',
    group: 'sales',
    allow: 'insights:read',
    filters: ['period', 'branch', 'team', 'product'],
    period: { days: 7 },
    money: true,
    columns: { day: ['Day', 'day'], total: ['Sales', 'money'], sales: ['Number', 'count'] },
    chart: { kind: 'bar', x: 'day', series: ['total'] },
    drill: { from: 'day', to: 'day' },
    sql: `
      SELECT d.day::date AS day, coalesce(f.total, 0)::numeric(24,4) AS total, coalesce(f.sales, 0) AS sales
        FROM asked, generate_series(greatest(asked.from_day, asked.today - 730)::timestamp,
                                    least(asked.to_day, asked.today)::timestamp, '1 day') AS d(day)
        LEFT JOIN (SELECT f.day, sum(f.amount) AS total, sum(f.sales)::bigint AS sales FROM insights.day_figures($9, $1, $2) f
                    WHERE ${CELLS} GROUP BY f.day) AS f ON f.day = d.day
       ORDER BY d.day`,
  },
  'hourly-sales': {
    title: 'Sales by hour, last 24 hours',
    description: 'Amount and number of sales by the hour they were made in.',
    group: 'sales',
    allow: 'insights:read',
    filters: ['branch', 'team', 'product'],
    period: { days: 2 },
    money: true,
    columns: { hour: ['Hour', 'hour'], total: ['Sales', 'money'], sales: ['Number', 'count'] },
    chart: { kind: 'area', x: 'hour', series: ['total'] },
    sql: `
      SELECT h.hour, coalesce(f.total, 0)::numeric(24,4) AS total, coalesce(f.sales, 0) AS sales
        FROM generate_series(date_trunc('hour', $7::timestamptz) - interval '23 hours',
                             date_trunc('hour', $7::timestamptz), '1 hour') AS h(hour)
        LEFT JOIN (SELECT f.hour, sum(f.amount) AS total, ${HOUR_SALES} AS sales FROM insights.hour_figures f
                    WHERE f.hour > $7::timestamptz - interval '24 hours' AND ${HOUR_CELLS} GROUP BY f.hour) AS f
               ON f.hour = h.hour
       ORDER BY h.hour`,
  },
} satisfies Record<string, Question>;
