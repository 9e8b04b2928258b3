/** One host with Moon's services, for sale-rate.bench.ts. Arguments: database URL, data folder. */
import { join } from 'node:path';
import { agents } from '@moonbase/agents/service.ts';
import { masterKeyFile, useMasterKeys } from '@moonbase/data';
import { insights } from '@moonbase/insights/service.ts';
import { notifications } from '@moonbase/notifications/service.ts';
import { people } from '@moonbase/people/service.ts';
import { sales } from '@moonbase/sales/service.ts';
import { createHost } from '@moonbase/service';
import { createLogger } from '@moonbase/telemetry';

const [databaseUrl = '', dataFolder = ''] = process.argv.slice(2);
useMasterKeys(masterKeyFile(join(dataFolder, 'secret.key'), { create: true }));
const services = [people, agents, sales, notifications, insights];
const host = createHost({ services, databaseUrl, dataFolder, port: 0, log: createLogger({ level: 'warn' }) });
await host.start();
console.log(host.url);
process.once('SIGTERM', () => void host.stop().then(() => process.exit(0)));
