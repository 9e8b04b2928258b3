/** Erasing one agent among a million events: until it is answered, and until every service's copy is gone. */
import { startMoonHost } from './moon-host.ts';
import { quantile, report, spread } from './side-by-side.ts';

const quick = Boolean(process.env.BENCH_QUICK);
const events = quick ? 5_000 : 1_000_000;
const others = quick ? 1_000 : 200_000;
const rounds = quick ? 3 : 30;

const moon = await startMoonHost(['privacy:read', 'privacy:write', 'agents:read'], async (owner) => {
  await owner.query('SELECT events.extend_log($1::bigint + 1)', [events]);
  // As sales fill it: personal fields encrypted, two subjects each. Nobody reacts to the type.
  await owner.query(
    `INSERT INTO events.log (position, occurred_at, recorded_at, id, version, slot, type, key, subjects, actor, payload, personal)
     SELECT n, now(), now(), gen_random_uuid(), 1, n % 64, 'bench.filled', 'key-' || n, ARRAY['s-' || n, 'a-' || n % 1500],
            'system', '{"amount": "12.50"}', '{"policyholder": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}'
       FROM generate_series(1, $1::int) n`,
    [events],
  );
  await owner.query('UPDATE events.head SET position = $1', [events]);
  await owner.query(
    `INSERT INTO notifications.notifications (id, cause, recipient, channel, kind, status, agent_id, subject, body, created_at)
     SELECT gen_random_uuid(), 'cause-' || n, 'agent:' || n, 'in-app', 'message', 'SENT', gen_random_uuid(), 'Hello', 'Dear', now()
       FROM generate_series(1, $1::int) n`,
    [others],
  );
  await owner.query(
    `INSERT INTO http.idempotency (caller, route, key, digest, state, status, answer, headers, claimed_at)
     SELECT 'bench', 'bench', n::text, '', 'answered', 200, jsonb_build_object('id', gen_random_uuid(), 'name', 'Ann'), '{}', now()
       FROM generate_series(1, $1::int) n`,
    [others],
  );
  await owner.query('ANALYZE');
});
const { db, host } = moon;
const headers = { ...moon.headers, 'content-type': 'application/json' };
// The world is filled by events: their owner has no rows of them yet.
await db.query(
  `INSERT INTO agents.branches (id, code, name, region) SELECT id, code, name, 'All' FROM sales.known_branches`,
);
const agents = await db.query<{ id: string }>(
  `INSERT INTO agents.agents (id, code, status, first_name, last_name, branch_id, created_at, changed_at)
   SELECT id, code, 'active', 'Ann', 'Lee', (SELECT id FROM agents.branches LIMIT 1), now(), now()
     FROM sales.known_agents LIMIT $1 RETURNING id`,
  [rounds],
);
const answered: number[] = [];
const everywhere: number[] = [];
for (const { id } of agents.rows) {
  const started = performance.now();
  const answer = await fetch(`${host.url}/api/privacy/erasures`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ kind: 'agent', ids: [id] }),
  });
  if (answer.status !== 200) throw new Error(await answer.text());
  answered.push(performance.now() - started);
  for (;;) {
    const left = await db.query(
      `SELECT FROM sales.known_agents WHERE id = $1 AND name IS NOT NULL
       UNION ALL SELECT FROM notifications.agents WHERE id = $1 AND name IS NOT NULL
       UNION ALL SELECT FROM insights.agents WHERE id = $1 AND name IS NOT NULL`,
      [id],
    );
    if (left.rowCount === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  everywhere.push(performance.now() - started);
}
await moon.stop();

const worst = Math.max(...everywhere);
report('erase', [
  {
    claim: `Erasing one agent among ${events.toLocaleString('en')} events, ${others.toLocaleString('en')} notifications and as many kept answers`,
    unit: 'ms',
    figures: { answered: spread(answered), 'gone from every copy': spread(everywhere) },
    goal: 'under a second, every time',
    met: worst < 1_000,
    notes: [
      `${answered.length} agents, one after the other; p95 until gone from every copy ${quantile(
        everywhere.toSorted((a, b) => a - b),
        0.95,
      ).toFixed(0)} ms, the longest ${worst.toFixed(0)} ms`,
      'erasing deletes a key: the events themselves are not touched, however many there are',
    ],
  },
]);
