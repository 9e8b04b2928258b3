import type { Transaction } from '@moonbase/data';
import { isConnectionLost } from './connection-lost.ts';

/**
 * Runs `work` between savepoints: what it did is undone if it throws, and the transaction goes on.
 *
 * What `work` asked to happen after the commit happens only if it went well.
 *
 * @returns what it threw, undefined if all went well
 * @throws when the connection is lost: then nobody is at fault
 */
export async function tryHandler(
  tx: Transaction,
  work: (tx: Transaction) => Promise<void>,
): Promise<{ error: unknown } | undefined> {
  const after: (() => void)[] = [];
  const sent: Promise<unknown>[] = [];
  await tx.query('SAVEPOINT handler');
  try {
    await work({
      query: (text, values) => tx.query(text, values),
      send: (text, values) => {
        const answer = tx.query(text, values);
        answer.catch(() => {});
        sent.push(answer);
      },
      afterCommit: (run) => void after.push(run),
    });
    await Promise.all(sent);
    // What is only checked at the commit is checked here, where it is known whose fault it is.
    await tx.query('SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; RELEASE SAVEPOINT handler');
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT handler');
    await tx.query('RELEASE SAVEPOINT handler');
    return { error };
  }
  for (const run of after) tx.afterCommit(run);
  return undefined;
}
