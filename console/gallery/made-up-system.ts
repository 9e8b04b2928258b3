/** What a host would tell about itself, for the Status page. */
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

const services = ['People', 'Agents', 'Sales', 'Notifications', 'Insights'].map((title, place) => ({
  name: title.toLowerCase(),
  title,
  routes: 12 + place * 5,
  requests: 120_400 >> place,
  errors: place === 3 ? 7 : 0,
  p50Milliseconds: 2.4 + place,
  p99Milliseconds: 14 + place * 9,
}));

const jobs = [
  ['notifications', 'deliver', 'Sends one notification over its channel', 12, 3, 2, 1, 4],
  ['insights', 'keep-tables', 'Brings the insight tables up to date', 0, 1, 0, 0, 0],
  ['sales', 'retry-waiting', 'Takes waiting sales in once their agent is known', 0, 0, 0, 0, 0],
].map(([service, job, summary, waiting, later, running, dead, age]) => ({
  service,
  job,
  summary,
  waiting,
  later,
  running,
  dead,
  age,
}));

const states = ['succeeded', 'succeeded', 'running', 'succeeded', 'failed', 'succeeded', 'dead', 'lost'];

export const madeUpSystem: Record<string, () => unknown> = {
  'GET /api/system/status': () => ({
    version: '0.1.0',
    startedAt: ago(93_400_000),
    ready: false,
    checks: {
      database: { ok: true, milliseconds: 1.2 },
      events: { ok: true, milliseconds: 0.4 },
      jobs: { ok: true, milliseconds: 2.1 },
      warehouse: { ok: false, milliseconds: 5_000, error: 'The lake cannot be read: the folder is gone.' },
    },
    services,
    head: 1_204_382,
    consumers: [
      { name: 'sales.count-towards-targets', position: 1_204_380, lag: 2, parked: 0 },
      { name: 'notifications.tell', position: 1_204_341, lag: 41, parked: 1 },
      { name: 'insights.move-figures', position: 1_204_382, lag: 0, parked: 0 },
      { name: 'warehouse.load', position: 1_204_100, lag: 282, parked: 0 },
    ],
    memoryBytes: 318_400_512,
    eventLoopLagMilliseconds: 3.2,
    connections: { total: 14, idle: 9, waiting: 0 },
  }),
  'GET /api/system/jobs': () => ({
    jobs,
    schedules: [
      {
        service: 'insights',
        name: 'hourly',
        job: 'keep-tables',
        cron: '5 * * * *',
        zone: 'Asia/Colombo',
        next: ago(-1_500_000),
      },
    ],
  }),
  'GET /api/system/runs': () => ({
    items: states.map((state, place) => ({
      id: `018f0000-0000-7000-8000-00000000000${place}`,
      attempt: 1 + (place % 3),
      service: jobs[place % 3]?.service,
      job: jobs[place % 3]?.job,
      state,
      tick: null,
      startedAt: ago(60_000 * (place * 11 + 1)),
      endedAt: state === 'running' ? null : ago(60_000 * (place * 11 + 1) - 2_300 * (place + 1)),
      counts: state === 'succeeded' ? { rows: 120 * (place + 1), tables: 5 } : null,
      error: state === 'failed' || state === 'dead' ? 'connect ECONNREFUSED 127.0.0.1:2525' : null,
      progressDone: state === 'running' ? 42 : null,
      progressTotal: state === 'running' ? 100 : null,
    })),
    next: null,
  }),
  'GET /api/system/dead-jobs': () => ({
    items: [
      {
        id: '018f0000-0000-7000-8000-000000000099',
        service: 'notifications',
        job: 'deliver',
        error: '550 no such mailbox',
        attempts: 6,
        enqueuedAt: ago(9_000_000),
        diedAt: ago(4_000_000),
      },
    ],
  }),
  'GET /api/system/parked': () => ({
    items: [
      {
        consumer: 'notifications.tell',
        key: 'sale-8812',
        position: 1_204_120,
        type: 'targets.reached',
        version: 1,
        error: 'Template "target" names a field that is not there: {{agent.nickname}}',
        attempts: 8,
        parkedAt: ago(1_800_000),
        retryAt: ago(-60_000),
        behind: 2,
      },
    ],
  }),
  'GET /api/system/errors': () => ({
    items: [
      {
        at: ago(120_000),
        service: 'notifications',
        code: 'template_broken',
        where: 'notifications.tell',
        message: 'Template "target" names a field that is not there',
        requestId: null,
      },
      {
        at: ago(3_400_000),
        service: 'insights',
        code: 'internal',
        where: 'GET /api/insights/:name',
        message: 'The lake cannot be read',
        requestId: '018f6d2a-9c41-7b52-8a11-3f2c1d0e9b77',
      },
    ],
  }),
};
