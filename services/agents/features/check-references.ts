/** Whether what an agent refers to exists. Branches, teams and products are never deleted. */
import type { Queryable } from '@moonbase/data';
import type { Fault } from '@moonbase/http/errors';
import { agentsError } from '../errors.ts';

export interface References {
  branchId?: string;
  teamId?: string | null;
  /** Of authorisations, in the order of the input. */
  productIds?: readonly string[];
}

/** @throws CodedError `reference_unknown`, with a fault for each that does not exist */
export async function checkReferences(db: Queryable, references: References): Promise<void> {
  const { branchId = null, teamId = null, productIds = [] } = references;
  const answer = await db.query<{ branch: boolean; team: boolean; products: string[] }>(
    `SELECT EXISTS (SELECT FROM agents.branches WHERE id = $1) AS branch,
       EXISTS (SELECT FROM agents.teams WHERE id = $2) AS team,
       ARRAY(SELECT id FROM agents.products WHERE id = ANY($3)) AS products`,
    [branchId, teamId, productIds],
  );
  const known = answer.rows[0]!;
  const faults: Fault[] = [];
  if (branchId && !known.branch) faults.push({ at: '/branchId', message: 'There is no such branch.' });
  if (teamId && !known.team) faults.push({ at: '/teamId', message: 'There is no such team.' });
  for (const [index, id] of productIds.entries())
    if (!known.products.includes(id))
      faults.push({
        at: `/authorisations/${index}/productId`,
        message: 'There is no such product.',
      });
  if (faults.length > 0) throw agentsError('reference_unknown', { faults });
}
