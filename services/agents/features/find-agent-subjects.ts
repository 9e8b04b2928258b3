/** Agents by the beginnings of words of their code, names and email, for requests about personal data. */
import type { ServiceContext, Subject } from '@moonbase/service';
import { findAgents } from './list-agents.ts';

export async function findAgentSubjects(search: string, { db, clock }: ServiceContext): Promise<Subject[]> {
  const found = await findAgents(db, { search }, clock.now().toISOString().slice(0, 10), 20);
  return found.map(({ id, code, firstName, lastName }) => ({
    kind: 'agent',
    title: [firstName, lastName].filter(Boolean).join(' ') || code,
    detail: code,
    ids: [id],
  }));
}
