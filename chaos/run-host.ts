/**
 * A host as a process of its own, to be killed. It waits to be told which one it is, then says `ready` when
 * it answers. Told `load`, it moves what waits into files of the lake (otherwise once a minute).
 */
import { once } from 'node:events';
import { useTestMasterKey } from '@moonbase/data/testing';
import { createHost } from '@moonbase/service';
import { createLogger } from '@moonbase/telemetry';
import { deliverTwice } from './deliver-twice.ts';
import { services } from './services.ts';

/** Which host it is. */
export interface Told {
  databaseUrl: string;
  dataFolder: string;
  port: number;
  /** `twice`: delivers every event twice and late, see deliver-twice.ts. */
  manner: 'plain' | 'twice';
}

useTestMasterKey();
// Whoever started it is gone: so is this.
process.on('disconnect', () => process.exit(0));
const [told] = (await once(process, 'message')) as [Told];
const { databaseUrl, dataFolder, port, manner } = told;
const host = createHost({
  ...{ databaseUrl, dataFolder, port, connections: 8 },
  services:
    manner === 'twice' ? deliverTwice(services, databaseUrl, () => process.send?.('again')) : services,
  log: createLogger({ service: 'chaos', level: process.env.MOON_TEST_LOG ?? 'silent' }),
});
process.on('message', (message) => {
  if (message === 'load') void host.warehouse.load().catch(() => {});
});
await host.start();
process.send?.('ready');
