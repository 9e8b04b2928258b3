/** What an agent may sell: a product, from a first day to a last one, both included, or without end. */
import { newId } from '@moonbase/data';
import type { Fault } from '@moonbase/http/errors';
import type { Handler } from '@moonbase/service';
import type { agentsApi } from '../api.ts';
import { agentsError } from '../errors.ts';
import type { Agent } from '../schema.ts';
import { checkReferences } from './check-references.ts';
import { lockAgent } from './read-agents.ts';
import { saveAgents } from './save-agents.ts';

type Authorisation = Agent['authorisations'][number];

/** In the order in which they are read back. */
export function inOrder(authorisations: readonly Authorisation[]): Authorisation[] {
  return [...authorisations].sort((a, b) =>
    a.from === b.from ? (a.id < b.id ? -1 : 1) : a.from < b.from ? -1 : 1,
  );
}

type AuthorisationFault = Fault & { code: 'range_reversed' | 'authorisations_overlap' };

/** What is wrong with them together, by place in the list: days the wrong way round, or overlaps. */
export function findAuthorisationFaults(
  list: readonly Pick<Authorisation, 'productId' | 'from' | 'to'>[],
): AuthorisationFault[] {
  return list.flatMap((each, index): AuthorisationFault[] => {
    const at = `/authorisations/${index}`;
    if (each.to !== null && each.to < each.from)
      return [{ at: `${at}/to`, message: 'Is before the first day.', code: 'range_reversed' }];
    const overlaps = list
      .slice(0, index)
      .some(
        (other) =>
          other.productId === each.productId &&
          (other.to === null || other.to >= each.from) &&
          (each.to === null || each.to >= other.from),
      );
    const message = 'Overlaps with another authorisation for this product.';
    return overlaps ? [{ at, message, code: 'authorisations_overlap' }] : [];
  });
}

/** @throws CodedError `range_reversed`, `authorisations_overlap` */
export function checkAuthorisations(list: readonly Pick<Authorisation, 'productId' | 'from' | 'to'>[]): void {
  const faults = findAuthorisationFaults(list);
  if (faults[0])
    throw agentsError(faults[0].code, { faults: faults.map(({ at, message }) => ({ at, message })) });
}

export const authorise: Handler<typeof agentsApi.authorise> = async ({ params, body }, context) => {
  const { version, productId, from, to = null } = body;
  const agent = await context.db.transaction(async (tx) => {
    const before = await lockAgent(tx, params.id, version);
    await checkReferences(tx, { productIds: [productId] });
    const authorisations = inOrder([...before.authorisations, { id: newId(), productId, from, to }]);
    checkAuthorisations(authorisations);
    const after = { ...before, authorisations };
    const [saved] = await saveAgents(tx, [{ before, after, kind: 'changed' }], context.clock.now());
    return saved!;
  });
  return { status: 201, body: agent };
};

export const changeAuthorisation: Handler<typeof agentsApi.changeAuthorisation> = async (
  { params, body },
  context,
) => {
  const agent = await context.db.transaction(async (tx) => {
    const before = await lockAgent(tx, params.id, body.version);
    const old = before.authorisations.find((each) => each.id === params.authorisation);
    if (!old) throw agentsError('authorisation_unknown');
    const changed = { ...old, from: body.from ?? old.from, to: body.to === undefined ? old.to : body.to };
    const authorisations = inOrder(before.authorisations.map((each) => (each === old ? changed : each)));
    checkAuthorisations(authorisations);
    const after = { ...before, authorisations };
    const [saved] = await saveAgents(tx, [{ before, after, kind: 'changed' }], context.clock.now());
    return saved!;
  });
  return { status: 200, body: agent };
};

export const withdrawAuthorisation: Handler<typeof agentsApi.withdrawAuthorisation> = async (
  { params },
  context,
) => {
  const agent = await context.db.transaction(async (tx) => {
    const before = await lockAgent(tx, params.id, undefined);
    const authorisations = before.authorisations.filter((each) => each.id !== params.authorisation);
    if (authorisations.length === before.authorisations.length) throw agentsError('authorisation_unknown');
    const after = { ...before, authorisations };
    const [saved] = await saveAgents(tx, [{ before, after, kind: 'changed' }], context.clock.now());
    return saved!;
  });
  return { status: 200, body: agent };
};
