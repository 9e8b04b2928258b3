/** What is due, by the sales themselves. */

/** The shares of every sale that counts; a sale that is not split is one share. Then sums of them per day. */
export const PARTS = `WITH parts AS (
    SELECT s.id, s.day, s.sold_at, s.currency, s.branch_id, s.product_id, s.amount AS whole,
           coalesce(h.place, 0) AS place, coalesce(h.agent_id, s.agent_id) AS agent_id,
           CASE WHEN h.sale_id IS NULL THEN s.team_id ELSE h.team_id END AS team_id,
           coalesce(h.amount, s.amount) AS amount
      FROM sales.sales s LEFT JOIN sales.shares h ON h.sale_id = s.id WHERE NOT s.cancelled
  ), due_daily AS (
    SELECT 'company' AS kind, '00000000-0000-0000-0000-000000000000'::uuid AS subject_id, currency, day,
           sum(amount) AS amount, count(DISTINCT id) AS sales FROM parts GROUP BY currency, day
    UNION ALL SELECT 'branch', branch_id, currency, day, sum(amount), count(DISTINCT id) FROM parts GROUP BY 2, 3, 4
    UNION ALL SELECT 'product', product_id, currency, day, sum(amount), count(DISTINCT id) FROM parts GROUP BY 2, 3, 4
    UNION ALL SELECT 'team', team_id, currency, day, sum(amount), count(DISTINCT id) FROM parts
               WHERE team_id IS NOT NULL GROUP BY 2, 3, 4
    UNION ALL SELECT 'agent', agent_id, currency, day, sum(amount), count(*) FROM parts GROUP BY 2, 3, 4
  )`;

/**
 * Of a threshold reached and of an agent who left, those who lead are told; of an agent's or a team's target
 * the agents, too. Mails are for those who have an address, and for news, not for history.
 */
export const DUE_NOTIFICATIONS = `WITH leaders AS (
    SELECT 'person:' || id AS recipient, email FROM notifications.people
     WHERE active AND roles && ARRAY['administrator']
  ), told AS (
    SELECT e.id::text AS cause, l.recipient, l.email, e.type, e.payload, e.recorded_at
      FROM events.log e CROSS JOIN leaders l
     WHERE e.type = 'targets.reached' OR e.type = 'agents.changed' AND e.payload ->> 'change' = 'deactivated'
    UNION ALL
    SELECT e.id::text, 'agent:' || a.id, a.email, e.type, e.payload, e.recorded_at FROM events.log e
      JOIN notifications.agents a ON a.active
       AND CASE e.payload #>> '{subject,kind}' WHEN 'agent' THEN a.id WHEN 'team' THEN a.team_id
                                               WHEN 'branch' THEN a.branch_id END = (e.payload #>> '{subject,id}')::uuid
     WHERE e.type = 'targets.reached'
  )
  SELECT cause, recipient, 'in-app' FROM told
  UNION ALL
  SELECT cause, recipient, 'email' FROM told
   WHERE email IS NOT NULL AND type = 'targets.reached'
     AND recorded_at - ((payload ->> 'day') || ' 12:00Z')::timestamptz < interval '7 days'`;
