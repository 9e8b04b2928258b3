import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { context } from './context.ts';
import { span, startTracing } from './tracing.ts';

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test("without a collector a span has the caller's trace id, or a new one", async () => {
  const stop = await startTracing({});
  const ids = [
    await span('call', { parent }, async () => context().traceId),
    await span('call', {}, async () => context().traceId),
    await span('call', { parent: 'nonsense' }, async () => context().traceId),
  ];
  expect(ids[0]).toBe('0af7651916cd43dd8448eb211c80319c');
  expect(ids[1]).toMatch(/^[0-9a-f]{32}$/);
  expect(ids[2]).toMatch(/^[0-9a-f]{32}$/);
  expect(ids[1]).not.toBe(ids[2]);
  await stop();
});

test('an inner span stays in the trace', async () => {
  const [outer, inner] = await span('outer', {}, async () => [
    context().traceId,
    await span('inner', {}, async () => context().traceId),
  ]);
  expect(inner).toBe(outer);
});

test('with a collector spans arrive there, nested, without messages of errors', async () => {
  const bodies: Buffer[] = [];
  const collector = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk));
    request.on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  const stop = await startTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
  let traceId: string | undefined;
  await span('record sale', { parent, kind: 'server', attributes: { route: '/sales' } }, async () => {
    traceId = context().traceId;
    await expect(
      span('write', {}, async () => {
        throw new Error('Ann Lee is no agent');
      }),
    ).rejects.toThrow('Ann Lee');
  });
  await stop();
  collector.close();
  expect(traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  const sent = JSON.parse(Buffer.concat(bodies).toString());
  const spans = sent.resourceSpans[0].scopeSpans[0].spans as Record<string, unknown>[];
  const [write, record] = [
    spans.find((each) => each.name === 'write'),
    spans.find((each) => each.name === 'record sale'),
  ];
  expect(record).toMatchObject({ traceId, parentSpanId: 'b7ad6b7169203331' });
  expect(write).toMatchObject({ traceId, parentSpanId: record?.spanId });
  expect(JSON.stringify(sent)).not.toContain('Ann');
});

test("without a collector OpenTelemetry's SDK and exporter are not loaded", () => {
  const script = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, from, next) {
      if (/opentelemetry.(sdk|exporter)/.test(name)) throw new Error('loaded ' + name);
      return next(name, from);
    } });
    const { span, startTracing } = await import(${JSON.stringify(new URL('./telemetry.ts', import.meta.url).href)});
    await (await startTracing({}))();
    await span('call', {}, async () => {});
    console.log('fine');`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(out).toBe('fine\n');
});
