/** Who sells what here, entered over HTTP as an office would; and targets that the load crosses again and again. */
import { agentsApi } from '@moonbase/agents/api.ts';
import { createClient } from '@moonbase/http/client';
import { permissions } from '@moonbase/identity';
import { peopleApi } from '@moonbase/people/api.ts';
import { salesApi } from '@moonbase/sales/api.ts';
import type { Installation } from './installation.ts';

export interface World {
  /** Codes of agents who stay. */
  agents: string[];
  /** Leaves and comes back while the load runs. */
  wavering: { id: string; code: string };
  /** Not entered yet: sales of this one wait. */
  late: string;
  products: string[];
  headers: { authorization: string };
}

/** @param url of a host that runs */
export async function enterWorld(installation: Pick<Installation, 'key'>, url: string): Promise<World> {
  const headers = await installation.key(...Object.keys(permissions));
  const office = createClient(agentsApi, { url, headers });
  const from = '2020-01-01';
  const branches = ['NORTH', 'SOUTH', 'AWAY'];
  const products = ['LIFE', 'CAR', 'HOME'];
  const branchIds = new Map<string, string>();
  for (const code of branches) {
    const body = { name: code, region: 'All', ...(code === 'SOUTH' ? { zone: 'Asia/Colombo' } : {}) };
    branchIds.set(code, (await office.putBranch({ params: { code }, body })).id);
  }
  const teamIds = [];
  for (const name of ['Red', 'Blue']) teamIds.push((await office.putTeam({ params: { name }, body: {} })).id);
  const productIds = [];
  for (const code of products) {
    const body = { type: 'Insurance', name: code, targetAmount: '5000', currency: 'USD' };
    productIds.push((await office.putProduct({ params: { code }, body })).id);
  }
  const agents = ['A0', 'A1', 'A2', 'A3', 'A4', 'A5'];
  const pushed = [...agents, 'WAVER'].map((code, i) => ({
    ...{
      code,
      firstName: 'Agent',
      lastName: code,
      email: `${code.toLowerCase()}@example.com`,
      hireDate: from,
    },
    branch: code === 'WAVER' ? 'AWAY' : branches[i % 2]!,
    ...(code === 'WAVER' || i === 5 ? {} : { team: i % 2 ? 'Red' : 'Blue' }),
    authorisations: products.map((product) => ({ product, from })),
  }));
  await office.pushAgents({ body: { agents: pushed } });
  const { items } = await office.listAgents({ query: {} });
  const idOf = (code: string) => items.find((agent) => agent.code === code)!.id;
  const people = createClient(peopleApi, { url, headers });
  for (const name of ['Lee', 'Max'])
    await people.createPerson({
      body: { name, email: `${name.toLowerCase()}@example.com`, roles: ['administrator'] },
    });
  await setTargets(url, headers, {
    agent: idOf('A0'),
    team: teamIds[0]!,
    branch: branchIds.get('NORTH')!,
    product: productIds[0]!,
  });
  return { agents, wavering: { id: idOf('WAVER'), code: 'WAVER' }, late: 'LATE', products, headers };
}

/** Enters whom sales wait for. */
export async function enterLateAgent(world: World, url: string): Promise<void> {
  const office = createClient(agentsApi, { url, headers: world.headers });
  const authorisations = world.products.map((product) => ({ product, from: '2020-01-01' }));
  await office.pushAgents({
    body: {
      agents: [
        {
          ...{
            code: world.late,
            firstName: 'Late',
            lastName: 'Agent',
            hireDate: '2020-01-01',
            branch: 'AWAY',
          },
          authorisations,
        },
      ],
    },
  });
}

async function setTargets(
  url: string,
  headers: { authorization: string },
  of: { agent: string; team: string; branch: string; product: string },
): Promise<void> {
  const sales = createClient(salesApi, { url, headers });
  const open = { kind: 'open', from: '2019-01-01' } as const;
  const steps = (size: number) => Array.from({ length: 20 }, (_, n) => (n + 1) * size);
  const amount = { measure: 'amount', value: '1000', currency: 'USD' } as const;
  const targets = [
    {
      subject: { kind: 'company', id: null },
      period: open,
      measure: 'count',
      value: '100',
      thresholds: steps(3),
    },
    {
      subject: { kind: 'agent', id: of.agent },
      period: open,
      measure: 'count',
      value: '100',
      thresholds: steps(2),
    },
    { subject: { kind: 'team', id: of.team }, period: open, ...amount, thresholds: steps(50) },
    {
      subject: { kind: 'branch', id: of.branch },
      period: { kind: 'year', from: '2020-01-01', repeats: true },
      ...amount,
    },
    {
      subject: { kind: 'product', id: of.product },
      period: { kind: 'month', from: '2020-01-01', repeats: true },
      ...amount,
    },
  ] as const;
  for (const body of targets)
    await sales.createTarget({
      body: { ...body, thresholds: [...('thresholds' in body ? body.thresholds : steps(10))] },
    });
}
