/** Questions about notifications, by the business day they were made on. */
import type { Question } from '../features/question.ts';

export const notificationQuestions = {
  'sent-pending': {
    title: 'Sent against pending',
    description: 'Notifications made in the period by where they stand now.',
    group: 'notifications',
    allow: 'insights:read',
    filters: ['period'],
    period: { months: 1, whole: true },
    columns: { status: ['Status', 'status'], notifications: ['Notifications', 'count'] },
    chart: { kind: 'bar', x: 'status', series: ['notifications'] },
    sql: `
      SELECT s.status, coalesce(sum(n.notifications), 0)::bigint AS notifications
        FROM (VALUES ('SENT'), ('PENDING')) AS s(status)
        LEFT JOIN insights.notification_days n ON n.status = s.status AND n.day BETWEEN $1 AND $2
       GROUP BY s.status ORDER BY s.status DESC`,
  },
  'daily-delivery': {
    title: 'Daily delivery by status',
    description: 'Notifications per day they were made on and where they stand now.',
    group: 'notifications',
    allow: 'insights:read',
    filters: ['period'],
    period: { days: 7 },
    columns: {
      day: ['Day', 'day'],
      status: ['Status', 'status'],
      notifications: ['Notifications', 'count'],
    },
    chart: { kind: 'bar', x: 'day', pivot: { series: 'status', value: 'notifications' }, stacked: true },
    sql: `
      SELECT d.day::date AS day, s.status, coalesce(sum(n.notifications), 0)::bigint AS notifications
        FROM asked, generate_series(greatest(asked.from_day, asked.today - 366)::timestamp,
                                    least(asked.to_day, asked.today)::timestamp, '1 day') AS d(day)
        CROSS JOIN (VALUES ('SENT'), ('PENDING'), ('FAILED')) AS s(status)
        LEFT JOIN insights.notification_days n ON n.day = d.day::date AND n.status = s.status
       GROUP BY d.day, s.status ORDER BY d.day, s.status DESC`,
  },
  'status-shares': {
    title: 'Status shares overall',
    description: 'What part of all notifications stands in each status.',
    group: 'notifications',
    allow: 'insights:read',
    filters: ['period'],
    period: 'all',
    columns: {
      status: ['Status', 'status'],
      notifications: ['Notifications', 'count'],
      share: ['Share', 'percent'],
    },
    chart: { kind: 'donut', x: 'status', series: ['notifications'] },
    sql: `
      SELECT n.status, sum(n.notifications)::bigint AS notifications,
             (sum(n.notifications) / nullif(sum(sum(n.notifications)) OVER (), 0))::float8 AS share
        FROM insights.notification_days n WHERE n.day BETWEEN $1 AND $2
       GROUP BY n.status HAVING sum(n.notifications) <> 0 ORDER BY notifications DESC`,
  },
} satisfies Record<string, Question>;
