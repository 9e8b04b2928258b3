/** Friendlier views of the lake than one per event type: what analysts ask, and what reconcile compares. */

/** What a sale's event moved: +1 with what it became, −1 with what it was. Sums over it are always right. */
const movement = (change: string, sign: 1 | -1, sale: 'after' | 'before', type: string) =>
  `SELECT position, occurred_at, recorded_at, '${change}' AS change, ${sign} AS sign, ${sale} AS sale
     FROM ${type} WHERE ${sale} IS NOT NULL`;

const MOVEMENTS = [
  movement('recorded', 1, 'after', 'sales_recorded'),
  movement('corrected', 1, 'after', 'sales_corrected'),
  movement('corrected', -1, 'before', 'sales_corrected'),
  movement('cancelled', -1, 'before', 'sales_cancelled'),
  movement('deleted', -1, 'before', 'sales_deleted'),
].join(' UNION ALL ');

const SALE = `
  sale.saleId AS sale_id, sale.source, sale.reference, sale.soldAt::TIMESTAMPTZ AS sold_at, sale.day::DATE AS day,
  sale.productId AS product_id, sale.branchId AS branch_id, sale.currency, sale.policyNumber AS policy_number`;

/** Of each thing the newest event. */
const newest = (columns: string, type: string, id: string) =>
  `SELECT ${columns} FROM ${type} QUALIFY row_number() OVER (PARTITION BY ${id} ORDER BY position DESC) = 1`;

export const lakeViews = {
  sale_movements: `
    SELECT position, occurred_at, recorded_at, change, ${SALE},
           (sign * sale.amount::DECIMAL(19,4))::DECIMAL(19,4) AS amount, sign AS sales, sale.shares AS shares
      FROM (${MOVEMENTS})`,
  // The leading share counts the sale; each team's first share counts it for the team.
  sale_shares: `
    SELECT position, occurred_at, recorded_at, change, ${SALE}, place,
           sale.shares[place].agentId AS agent, sale.shares[place].teamId AS team_id,
           sale.shares[place].percent::DECIMAL(7,4) AS percent,
           (sign * sale.shares[place].amount::DECIMAL(19,4))::DECIMAL(19,4) AS amount,
           CASE WHEN place = 1 THEN sign ELSE 0 END AS sales,
           CASE WHEN len(sale.shares) = 1 THEN sign
                WHEN list_position(list_transform(sale.shares, lambda s: coalesce(s.teamId, '')),
                                   coalesce(sale.shares[place].teamId, '')) = place THEN sign
                ELSE 0 END AS team_sales
      FROM (SELECT *, unnest(range(1, len(sale.shares) + 1)) AS place FROM (${MOVEMENTS}))`,
  // Sales as they stand: what was recorded or corrected last, unless it was cancelled or deleted since. Events whose
  // free text is somebody's have no key in the lake; one that was deleted without `before` was cancelled before.
  sales: `
    WITH told AS (
      SELECT position, recorded_at, after AS sale FROM sales_recorded
      UNION ALL SELECT position, recorded_at, after FROM sales_corrected),
    ended AS (
      SELECT key, max(position) AS position FROM (
        SELECT before.saleId AS key, position FROM sales_corrected
        UNION ALL SELECT before.saleId, position FROM sales_cancelled
        UNION ALL SELECT before.saleId, position FROM sales_deleted) GROUP BY 1)
    SELECT told.position, recorded_at, ${SALE}, sale.amount::DECIMAL(19,4) AS amount, sale.shares AS shares
      FROM told LEFT JOIN ended ON ended.key = sale.saleId
     WHERE ended.position IS NULL OR ended.position <= told.position`,
  branches: newest('branchId AS id, code, name, region, zone, active', 'branches_changed', 'branchId'),
  teams: newest('teamId AS id, name, active', 'teams_changed', 'teamId'),
  products: newest(
    'productId AS id, code, type, name, targetAmount::DECIMAL(19,4) AS target_amount, currency, active',
    'products_changed',
    'productId',
  ),
  // By pseudonym, as shares name them; without names.
  agents: newest(
    'agentId AS agent, code, status, branchId AS branch_id, teamId AS team_id, hireDate::DATE AS hire_date',
    'agents_changed',
    'agentId',
  ),
  targets: newest(
    `targetId AS id, revision, subject.kind AS kind, unitId AS subject_id, period.kind AS period,
     period."from"::DATE AS from_day, period."to"::DATE AS to_day, period.repeats AS repeats, measure,
     value::DECIMAL(19,4) AS value, currency, deleted`,
    'targets_changed',
    'targetId',
  ),
  notifications: newest(
    'notificationId AS id, agentId AS agent, channel, kind, after AS status, occurred_at AS changed_at',
    'notifications_changed',
    'notificationId',
  ),
} as const;
