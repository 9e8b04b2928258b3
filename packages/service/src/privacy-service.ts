/** The host's own service about personal data: notice, consent, exports, erasure, retention. Every host has it. */
import type { EventDeclaration } from '@moonbase/events';
import { actorOf, can, type Principal } from '@moonbase/identity';
import { z } from 'zod';
import { defineService, type Handlers, type JobRun, job, reaction, type Service } from './declaration.ts';
import type { Host } from './host.ts';
import type { SubjectKind } from './personal.ts';
import { marksOf } from './privacy/check-marks.ts';
import { consentsOf, purposesOf, sayConsent } from './privacy/consents.ts';
import { privacyError } from './privacy/errors.ts';
import { type ExportedSubject, exportPersonal } from './privacy/export-personal.ts';
import { leftOf } from './privacy/find-residue.ts';
import { listNotices, publishNotice, readNotice, registerOf } from './privacy/notices.ts';
import { privacyApi } from './privacy/privacy-api.ts';
import {
  addRequest,
  erasePlatformCopies,
  findRequest,
  freshExport,
  listRequests,
  type RequestRow,
} from './privacy/requests.ts';
import { RetentionRules } from './privacy/retention.ts';

const exportInput = z.object({
  requestId: z.uuid(),
  subjects: z.array(z.object({ kind: z.enum(['person', 'agent', 'policyholder']), id: z.string() })),
});

/** Days that an archive can be fetched; the retention period of its pieces removes it. */
const FETCHABLE = 7;

export function privacyService(host: Host): Service {
  const erased = erasedEvents(host.services);
  return defineService({
    name: 'privacy',
    title: 'Privacy',
    api: privacyApi,
    handlers: handlers(host),
    errors: privacyError.table,
    // Whoever erases, by whatever route: the platform's own copies follow.
    reactions: erased.length
      ? {
          'follow-erasures': reaction({
            on: erased,
            lanes: 1,
            handle: (events, tx) =>
              erasePlatformCopies(
                tx,
                events.map((event) => event.key),
                host.clock.now(),
              ),
          }),
        }
      : {},
    jobs: {
      export: job({
        summary: 'Makes an archive of somebody’s personal data',
        input: exportInput,
        handle: (run) => runExport(host, run),
        concurrency: 1,
        timeout: 3_600,
      }),
      retention: job({
        summary: 'Deletes or empties personal data past their retention periods',
        input: z.object({}),
        handle: async (run) => ({
          counts: await rulesOf(host).run(host.clock.now(), (done, total) => run.progress(done, total)),
        }),
        concurrency: 1,
        timeout: 3_600,
      }),
    },
    schedules: { retention: { cron: '10 2 * * *', job: 'retention', input: {} } },
  });
}

/** By convention: their type ends in `.erased`, their key is whose data are gone. */
function erasedEvents(services: readonly Service[]): EventDeclaration[] {
  const declared = services.flatMap(({ events = [] }) => events);
  return [...new Set(declared)].filter(({ type }) => type.endsWith('.erased'));
}

const rulesOf = (host: Host) => new RetentionRules(host.db, host.events, marksOf(host.services));

function personOf(principal: Principal): string {
  if (principal.kind !== 'person') throw privacyError('not_for_keys');
  return principal.id;
}

async function startExport(host: Host, asker: Principal, subjects: ExportedSubject[]): Promise<RequestRow> {
  const { kind, id } = subjects[0]!;
  return host.db.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`privacy.export ${id}`]);
    const fresh = await freshExport(tx, id, host.clock.now());
    if (fresh) return fresh;
    const request = await addRequest(
      tx,
      { kind: 'export', subjectKind: kind, subjectId: id, askedBy: actorOf(asker), state: 'running' },
      host.clock.now(),
    );
    await host.context('privacy').enqueue(tx, 'export', { requestId: request.id, subjects });
    return request;
  });
}

async function runExport(host: Host, run: JobRun<z.output<typeof exportInput>>) {
  const { requestId } = run.input;
  try {
    return await writeExport(host, run);
  } catch (error) {
    // Another attempt may still make it ready.
    await host.db.query(`UPDATE privacy.requests SET state = 'failed' WHERE id = $1`, [requestId]);
    throw error;
  }
}

async function writeExport(host: Host, run: JobRun<z.output<typeof exportInput>>) {
  const { requestId, subjects } = run.input;
  const now = host.clock.now();
  // An attempt before this one may have left pieces.
  await host.db.query('DELETE FROM privacy.parts WHERE request_id = $1', [requestId]);
  let place = 0;
  const { bytes, counts } = await exportPersonal(
    { db: host.db, marks: marksOf(host.services), subjects, now, progress: run.progress },
    async (piece) => {
      await host.db.query('INSERT INTO privacy.parts VALUES ($1, $2, $3, $4)', [
        requestId,
        place++,
        piece,
        now,
      ]);
    },
  );
  await host.db.query(
    `UPDATE privacy.requests SET state = 'ready', ended_at = $2, expires_at = $2::timestamptz + make_interval(days => $3),
       bytes = $4, counts = $5 WHERE id = $1`,
    [requestId, host.clock.now(), FETCHABLE, bytes, JSON.stringify(counts)],
  );
  return { counts: { bytes } };
}

async function* piecesOf(host: Host, request: string): AsyncGenerator<string> {
  for (let place = 0; ; place += 1) {
    const piece = await host.db.query<{ content: string }>(
      'SELECT content FROM privacy.parts WHERE request_id = $1 AND place = $2',
      [request, place],
    );
    if (!piece.rows[0]) return;
    yield piece.rows[0].content;
  }
}

/** Each in a transaction of its own: of many, those before one that fails are done. */
async function eraseOne(host: Host, kind: SubjectKind, id: string, asker: Principal): Promise<RequestRow> {
  const owners = host.services.filter(({ erase }) => erase?.[kind]);
  if (owners.length === 0) throw privacyError('subject_kind_unknown');
  return host.db.transaction(async (tx) => {
    for (const { name, erase } of owners) await erase![kind]!(tx, id, host.context(name), asker);
    // Here too, not only by the event: whoever is answered finds nothing any more.
    await erasePlatformCopies(tx, [id], host.clock.now());
    return addRequest(
      tx,
      { kind: 'erasure', subjectKind: kind, subjectId: id, askedBy: actorOf(asker), state: 'done' },
      host.clock.now(),
    );
  });
}

function handlers(host: Host): Handlers<typeof privacyApi> {
  const purposes = () => purposesOf(host.services);
  const notice = async () => ({
    status: 200 as const,
    body: await readNotice(
      host.db,
      host.services,
      marksOf(host.services),
      (await host.settings.organisation()).name,
    ),
  });
  return {
    readNotice: notice,
    publishNotice: async ({ body, principal }) => {
      await publishNotice(host.db, body, actorOf(principal), host.clock.now());
      return notice();
    },
    listNotices: async () => ({ status: 200, body: { items: await listNotices(host.db) } }),
    readConsents: async ({ principal }) => ({
      status: 200,
      body: { items: await consentsOf(host.db, purposes(), personOf(principal)) },
    }),
    setConsent: async ({ params, body, principal }) => ({
      status: 200,
      body: await sayConsent(host.db, purposes(), {
        ...body,
        purpose: params.purpose,
        person: personOf(principal),
        actor: actorOf(principal),
        at: host.clock.now(),
      }),
    }),
    startOwnExport: async ({ principal }) => {
      const subjects: ExportedSubject[] = [{ kind: 'person', id: personOf(principal) }];
      if (principal.agentId) subjects.push({ kind: 'agent', id: principal.agentId });
      return { status: 202, body: await startExport(host, principal, subjects) };
    },
    listOwnExports: async ({ principal }) => ({
      status: 200,
      body: { items: await listRequests(host.db, personOf(principal)) },
    }),
    downloadExport: async ({ params, principal }) => {
      const request = await findRequest(host.db, params.id);
      const own = principal.kind === 'person' && request?.subjectId === principal.id;
      if (
        request?.kind !== 'export' ||
        request.state !== 'ready' ||
        !(own || can(principal, 'privacy:write'))
      )
        throw privacyError('export_unknown');
      return {
        status: 200,
        body: piecesOf(host, request.id),
        headers: {
          'content-disposition': 'attachment; filename="personal-data.json"',
          'cache-control': 'no-store',
        },
      };
    },
    readRegister: async () => ({
      status: 200,
      body: { items: registerOf(host.services, marksOf(host.services)) },
    }),
    listRequests: async () => ({ status: 200, body: { items: await listRequests(host.db) } }),
    findSubjects: async ({ body }) => {
      const found = await Promise.all(
        host.services.map(({ name, findSubjects }) => findSubjects?.(body.search, host.context(name)) ?? []),
      );
      return { status: 200, body: { items: found.flat() } };
    },
    startExport: async ({ body, principal }) => ({
      status: 202,
      body: await startExport(host, principal, [body]),
    }),
    eraseSubjects: async ({ body, principal }) => {
      const items: RequestRow[] = [];
      for (const id of new Set(body.ids)) items.push(await eraseOne(host, body.kind, id, principal));
      return { status: 200, body: { items } };
    },
    checkErasure: async ({ params: { kind, id } }) => {
      const subject = await host.db.query(
        'SELECT FROM events.subjects WHERE id = $1 AND erased_at IS NOT NULL',
        [id],
      );
      return {
        status: 200,
        body: {
          erased: subject.rowCount === 1,
          left: await leftOf(host.db, marksOf(host.services), kind, id),
        },
      };
    },
    readRetention: async () => ({
      status: 200,
      body: { items: await rulesOf(host).preview(host.clock.now()) },
    }),
    setRetention: async ({ params, body, principal }) => {
      const now = host.clock.now();
      if (!(await rulesOf(host).set(params.rule, body.days, actorOf(principal), now)))
        throw privacyError('rule_unknown');
      const rule = (await rulesOf(host).preview(now)).find(({ name }) => name === params.rule);
      return { status: 200, body: rule! };
    },
  };
}
