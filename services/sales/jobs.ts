/** Work of sales outside a transaction. */
import { job } from '@moonbase/service';
import { z } from 'zod';
import { retryRejected } from './features/retry-rejected.ts';

const codes = z.array(z.string());

export const jobs = {
  'retry-rejected': job({
    summary: 'Try sales again that a change of agents, products or branches may have mended',
    input: z.object({ agents: codes, products: codes, branches: codes }),
    handle: retryRejected,
    concurrency: 1,
  }),
};
