/** Whether people consent to be told something by e-mail: asked when it is written, and again when it is sent. */
import type { Queryable } from '@moonbase/data';
import { consenting } from '@moonbase/identity';
import { notificationsPurposes } from '../schema.ts';

export interface Told {
  kind: string;
  /** Agents whom it is about. */
  about: readonly string[];
  personId: string | null;
  agentId: string | null;
}

/** @param people who may be asked about; agents without an account have nothing to say yet */
export async function readMailConsent(
  db: Queryable,
  people: readonly string[],
): Promise<(told: Told) => boolean> {
  const named = (name: keyof typeof notificationsPurposes) =>
    consenting(db, { ...notificationsPurposes[name], name: `notifications.${name}` }, people);
  const [aboutOthers, aboutYou] = [await named('mail-about-others'), await named('mail-about-you')];
  return ({ kind, about, personId, agentId }) => {
    if (personId === null) return true;
    const own = kind === 'message' || (agentId !== null && about.includes(agentId));
    return (own ? aboutYou : aboutOthers).has(personId);
  };
}
