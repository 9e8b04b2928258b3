/**
 * After a fire: one more host, in this process, finishes what was under way when the last one was killed,
 * brings the lake and the insight tables up to the end of the log, and then everything is compared.
 */
import { Database } from '@moonbase/data';
import { createHost, type Host } from '@moonbase/service';
import { createLogger } from '@moonbase/telemetry';
import type { Installation } from './installation.ts';
import { audit, type Finding } from './ledger.ts';
import type { Acknowledged } from './load.ts';
import { services } from './services.ts';
import { until } from './wait.ts';

/** Starts the host that finishes. No other host may run. */
export async function startAuditor({ databaseUrl, dataFolder, owner }: Installation): Promise<Host> {
  // Jobs of hosts that were killed are given up after half a minute of silence. Here it has passed.
  await owner.query(
    `UPDATE jobs_boss.job SET heartbeat_on = now() - interval '1 hour' WHERE state = 'active'`,
  );
  const host = createHost({
    ...{ services, databaseUrl, dataFolder, port: 0 },
    log: createLogger({ service: 'auditor', level: process.env.MOON_TEST_LOG ?? 'silent' }),
  });
  await host.start();
  return host;
}

/** Resolves when nothing further would happen by itself. */
export async function settle(host: Host): Promise<void> {
  await host.jobs.recover();
  await until('everything under way is done', async () => {
    // What waits to be tried again is tried now.
    await host.db.query(`UPDATE jobs_boss.job SET start_after = now() WHERE state < 'active'`);
    await host.events.drained();
    await host.jobs.idle();
    const left = await host.db.query(
      `SELECT FROM jobs_boss.job WHERE state::text IN ('created', 'retry', 'active') AND name NOT LIKE '\\_\\_%' LIMIT 1`,
    );
    if (left.rowCount) await host.jobs.recover();
    return left.rowCount === 0;
  });
  await host.events.drained();
  // Lanes without anything to do are moved to the end about once a second.
  await until('idle lanes stand at the end', async () => {
    const behind = await host.db.query(
      'SELECT FROM events.lanes WHERE position < (SELECT position FROM events.head) LIMIT 1',
    );
    return behind.rowCount === 0;
  });
}

/** Brings lake and insight tables up to date. */
export async function aggregate(host: Host): Promise<void> {
  await host.warehouse.load();
  const context = host.context('insights');
  await host.db.transaction((tx) => context.enqueue(tx, 'keepTables', { trigger: 'person' }));
  await settle(host);
}

/** Everything that does not agree: database, insight tables, lake. */
export async function findings(
  { databaseUrl }: Pick<Installation, 'databaseUrl'>,
  host: Host,
  sales: Iterable<Acknowledged>,
): Promise<Finding[]> {
  const owner = new Database({ url: databaseUrl, role: 'owner', connections: 1 });
  try {
    return [...(await audit(owner, sales)), ...(await auditLake(host))];
  } finally {
    await owner.close();
  }
}

/** The lake holds every event of the log once, and adds up to the same figures. */
export async function auditLake(host: Host): Promise<Finding[]> {
  const report = await host.warehouse.reconcile();
  const differing = report.differences.map(
    (row): Finding => ({ promise: 'log, lake and figures agree', kind: 'lost', row: JSON.stringify(row) }),
  );
  const doubled: Finding[] = [];
  for (const { type } of report.types) {
    const view = type.replaceAll('.', '_');
    const answer = await host.warehouse.query(
      `SELECT count(*) - count(DISTINCT position) FROM ${view} WHERE position <= ${report.position}`,
    );
    const count = Number(answer.rows[0]?.[0]);
    if (count !== 0)
      doubled.push({ promise: 'the lake holds an event once', kind: 'too much', row: `${count} of ${type}` });
  }
  const behind: Finding[] =
    report.position < host.events.head
      ? [
          {
            promise: 'the lake reaches the end',
            kind: 'lost',
            row: `${report.position} of ${host.events.head}`,
          },
        ]
      : [];
  return [...differing, ...doubled, ...behind];
}
