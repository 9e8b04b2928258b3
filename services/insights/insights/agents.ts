/** Questions about agents. Names are joined here, at the edge: cubes and warehouse know ids and pseudonyms. */
import { AGENT_CELLS, type Question } from '../features/question.ts';

const NAME = `coalesce(a.name, CASE WHEN a.erased THEN 'Erased agent' END, a.code, 'Unknown agent')`;

export const agentQuestions = {
  'top-agents': {
    title: 'Top 10 agents',
    description: 'Agents by the amount of their shares.',
    group: 'agents',
    allow: 'insights:read',
    filters: ['period', 'branch', 'team'],
    period: { months: 1 },
    money: true,
    columns: {
      agent: ['Agent', 'text'],
      code: ['Code', 'text'],
      total: ['Sales', 'money'],
      sales: ['Number', 'count'],
    },
    chart: { kind: 'bar', x: 'agent', series: ['total'], horizontal: true },
    drill: { agent: 'agent_id' },
    sql: `
      SELECT ${NAME} AS agent, a.code, f.total, f.sales, f.agent_id
        FROM (SELECT f.agent_id, sum(f.amount)::numeric(24,4) AS total, sum(f.sales)::bigint AS sales
                FROM insights.range_agent_figures($1, $2) f WHERE ${AGENT_CELLS}
               GROUP BY f.agent_id ORDER BY total DESC, f.agent_id LIMIT 10) AS f
        LEFT JOIN insights.agents a ON a.id = f.agent_id
       ORDER BY f.total DESC, agent`,
  },
  'most-notified': {
    title: 'Agents with most notifications, last 24 hours',
    description: 'Agents by the number of notifications made for them within the last 24 hours.',
    group: 'agents',
    allow: 'insights:read',
    filters: [],
    period: { days: 2 },
    columns: { agent: ['Agent', 'text'], notifications: ['Notifications', 'count'] },
    chart: { kind: 'bar', x: 'agent', series: ['notifications'], horizontal: true },
    sql: `
      SELECT ${NAME} AS agent, n.notifications, n.agent_id
        FROM (SELECT agent_id, count(*) AS notifications FROM insights.notifications
               WHERE made_at > $7::timestamptz - interval '24 hours' AND agent_id IS NOT NULL
               GROUP BY agent_id ORDER BY notifications DESC, agent_id LIMIT 10) AS n
        LEFT JOIN insights.agents a ON a.id = n.agent_id
       ORDER BY n.notifications DESC, agent`,
  },
  'monthly-notifications': {
    title: 'Monthly notifications per agent',
    description: 'Notifications per month of the ten agents with most of them.',
    group: 'agents',
    allow: 'insights:read',
    filters: ['period'],
    period: { months: 3 },
    columns: {
      month: ['Month', 'month'],
      agent: ['Agent', 'text'],
      notifications: ['Notifications', 'count'],
    },
    chart: { kind: 'bar', x: 'month', pivot: { series: 'agent', value: 'notifications' } },
    sql: `
      WITH most AS (
        SELECT agent_id FROM insights.notification_months n
         WHERE n.month BETWEEN date_trunc('month', $1::date::timestamp)::date AND $2
         GROUP BY agent_id ORDER BY sum(notifications) DESC, agent_id LIMIT 10)
      SELECT n.month, ${NAME} AS agent, n.notifications, n.agent_id
        FROM most JOIN insights.notification_months n USING (agent_id) LEFT JOIN insights.agents a ON a.id = n.agent_id
       WHERE n.month BETWEEN date_trunc('month', $1::date::timestamp)::date AND $2
       ORDER BY n.month, n.notifications DESC, agent`,
  },
  'average-notifications': {
    title: 'Highest average notifications per record',
    description:
      'Average of the notification count over the records that the insight table of most notified agents holds.',
    group: 'agents',
    allow: 'insights:read',
    filters: ['period'],
    period: { months: 3 },
    columns: {
      agent: ['Agent', 'text'],
      records: ['Records', 'count'],
      average: ['Average per record', 'number'],
    },
    chart: { kind: 'bar', x: 'agent', series: ['average'], horizontal: true },
    sql: `
      SELECT ${NAME} AS agent, r.records, r.average, r.agent_id
        FROM (SELECT m.agent_id, count(*) AS records, avg(m.count)::float8 AS average
                FROM asked, insights.most_notified_agents m
               WHERE m.aggregation_date >= ($1::date::timestamp AT TIME ZONE asked.zone)
                 AND m.aggregation_date < (($2::date + 1)::timestamp AT TIME ZONE asked.zone)
               GROUP BY m.agent_id ORDER BY average DESC, m.agent_id LIMIT 10) AS r
        LEFT JOIN insights.agents a ON a.id = r.agent_id
       ORDER BY r.average DESC, agent`,
  },
} satisfies Record<string, Question>;
