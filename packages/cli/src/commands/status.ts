import type { HealthReport } from '@moonbase/telemetry';
import { readInstallation } from '../data-folder.ts';
import { Failure } from '../failure.ts';

/** `moon status`: whether the running Moonbase works, part by part. */
export async function status(options: { data: string }): Promise<void> {
  const { url, pid } = readInstallation(options.data);
  let report: HealthReport;
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    report = (await answer.json()) as HealthReport;
  } catch (cause) {
    throw new Failure(`${url} does not answer, though process ${pid} lives.`, 'Restart it.', { cause });
  }
  console.log(`${url}  process ${pid}  ${report.ready ? 'ready' : 'NOT READY'}`);
  for (const [name, { ok, milliseconds, error }] of Object.entries(report.checks ?? {})) {
    console.log(`  ${ok ? 'ok  ' : 'FAIL'}  ${name}  ${milliseconds} ms${error ? `  ${error}` : ''}`);
  }
  if (!report.ready) process.exitCode = 1;
}
