/**
 * A believable insurer in Sri Lanka and the Maldives: 8 branches in 3 regions, 5 teams, 6 products and 60
 * agents. Deterministic: the same ids, names and dates wherever and whenever it runs.
 */
import { createHash } from 'node:crypto';
import type { Database } from '@moonbase/data';
import { publish } from '@moonbase/events';
import type { ServiceContext } from '@moonbase/service';
import { branchesChanged, productsChanged, teamsChanged } from './events.ts';
import { inOrder } from './features/authorise-agent.ts';
import { saveAgents } from './features/save-agents.ts';
import type { Agent } from './schema.ts';

/** A UUID that is always the same for a name, in the place of the time the same for all. */
export function demoId(name: string): string {
  const hex = createHash('sha256').update(`moon demo ${name}`).digest('hex');
  return `01900000-0000-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}

const branch = (code: string, name: string, region: string, zone: string | null = null) => ({
  id: demoId(`branch ${code}`),
  ...{ code, name, region, zone },
});

export const demoBranches = [
  branch('CMB', 'Colombo Fort', 'Western'),
  branch('NEG', 'Negombo', 'Western'),
  branch('KLU', 'Kalutara', 'Western'),
  branch('KAN', 'Kandy', 'Hill Country'),
  branch('NUW', 'Nuwara Eliya', 'Hill Country'),
  branch('GAL', 'Galle', 'Southern'),
  branch('MAT', 'Matara', 'Southern'),
  branch('MLE', 'Malé', 'Southern', 'Indian/Maldives'),
];

export const demoTeams = ['Kingfisher', 'Lotus', 'Monsoon', 'Sapphire', 'Banyan'].map((name) => ({
  id: demoId(`team ${name}`),
  name,
}));

const product = (code: string, type: string, name: string, targetAmount: string) => ({
  id: demoId(`product ${code}`),
  ...{ code, type, name, targetAmount },
});

/** Target amounts are in the organisation's currency. */
export const demoProducts = [
  product('LIFE-PREMIUM', 'Life', 'Life Premium Plan', '24000000'),
  product('LIFE-TERM', 'Life', 'Life Term Plan', '16000000'),
  product('MOTOR-FULL', 'Vehicle', 'Motor Full Coverage', '30000000'),
  product('MOTOR-THIRD', 'Vehicle', 'Motor Third Party', '9000000'),
  product('HEALTH-FAMILY', 'Health', 'Health Family', '21000000'),
  product('HEALTH-SENIOR', 'Health', 'Health Senior', '12000000'),
];

const firstNames = [
  ...['Nimal', 'Ishara', 'Ruwan', 'Kavindi', 'Saman', 'Dilini', 'Chaminda', 'Tharushi', 'Asanka', 'Nadeesha'],
  ...['Kumar', 'Anjali', 'Pradeep', 'Sanduni', 'Fathima', 'Ahmed', 'Lakshmi', 'Roshan', 'Hiruni', 'Mohamed'],
  ...['Harini', 'Suresh', 'Malini', 'Buddhika', 'Aishath', 'Dinesh', 'Gayani', 'Ravi', 'Shanika', 'Upul'],
];
const lastNames = [
  ...['Perera', 'Fernando', 'Silva', 'Jayasinghe', 'Wickramasinghe', 'Bandara', 'Rajapaksha', 'Gunawardena'],
  ...['Senanayake', 'Sivakumar', 'Nazeer', 'De Alwis', 'Dissanayake', 'Ratnayake', 'Rasheed', 'Weerasinghe'],
  ...['Karunaratne', 'Selvarajah', 'Amarasekara'],
];

/** One of the agents; every seventh is restricted in what and when, every twentieth has left. */
function demoAgent(number: number): Agent {
  const code = `AGT${String(number + 1).padStart(3, '0')}`;
  const firstName = firstNames[(number * 7) % firstNames.length]!;
  const lastName = lastNames[(number * 5 + Math.floor(number / 30)) % lastNames.length]!;
  const hired = new Date(Date.UTC(2016 + ((number * 3) % 9), (number * 5) % 12, 1 + ((number * 11) % 28)));
  const hireDate = hired.toISOString().slice(0, 10);
  // Bigger branches have more agents: the first two take two places of ten each.
  const branchOf = [0, 1, 2, 3, 4, 5, 6, 7, 0, 3][number % 10]!;
  const teamId = demoTeams[(number * 3 + Math.floor(number / 10)) % demoTeams.length]!.id;
  const branchId = demoBranches[branchOf]!.id;
  const moved = number % 12 === 5;
  const first = moved ? { branchId: demoBranches[(branchOf + 1) % 8]!.id, teamId } : { branchId, teamId };
  const assignments = [{ from: hireDate, ...first }];
  if (moved) assignments.push({ from: '2026-03-01', branchId, teamId });
  return {
    id: demoId(`agent ${code}`),
    code,
    status: number % 20 === 19 ? 'inactive' : 'active',
    firstName,
    lastName,
    email: `${firstName}.${lastName}.${number + 1}@serendib.example`.toLowerCase().replaceAll(' ', ''),
    contact: `+94 7${number % 9} ${String(2_000_000 + ((number * 7_919) % 7_999_999)).replace(/(\d{3})(\d{4})/, '$1 $2')}`,
    ...{ hireDate, branchId, teamId, assignments },
    authorisations: inOrder(authorisationsOf(number, code, hireDate)),
    version: 0,
    erased: false,
    createdAt: `${hireDate}T03:30:00.000Z`,
    changedAt: `${hireDate}T03:30:00.000Z`,
  };
}

function authorisationsOf(number: number, code: string, from: string): Agent['authorisations'] {
  const allowed = demoProducts.filter((_, index) => number % 7 !== 6 || index % 3 === number % 3);
  return allowed.map((each, index) => ({
    id: demoId(`authorisation ${code} ${each.code}`),
    productId: each.id,
    from,
    // Some licences for the premium plan ended with last year.
    to: number % 7 === 6 && index === 0 ? '2025-12-31' : null,
  }));
}

/** In the order of their codes. */
export const demoAgents: readonly Agent[] = Array.from({ length: 60 }, (_, number) => demoAgent(number));

/** Fills an empty installation; one that has branches is left alone. */
export async function seed(context: ServiceContext): Promise<void> {
  const { currency } = await context.organisation();
  await fill(context.db, currency, context.clock.now());
}

async function fill(db: Database, currency: string, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('agents.seed'))`);
    const known = await tx.query('SELECT FROM agents.branches LIMIT 1');
    if (known.rowCount) return;
    await tx.query(
      `INSERT INTO agents.branches (id, code, name, region, zone)
       SELECT id, code, name, region, zone
       FROM jsonb_to_recordset($1) AS b (id uuid, code text, name text, region text, zone text)`,
      [JSON.stringify(demoBranches)],
    );
    await publish(
      tx,
      branchesChanged,
      demoBranches.map(({ id, ...rest }) => ({ key: id, payload: { branchId: id, ...rest, active: true } })),
    );
    await tx.query(
      'INSERT INTO agents.teams (id, name) SELECT id, name FROM jsonb_to_recordset($1) AS t (id uuid, name text)',
      [JSON.stringify(demoTeams)],
    );
    await publish(
      tx,
      teamsChanged,
      demoTeams.map(({ id, name }) => ({ key: id, payload: { teamId: id, name, active: true } })),
    );
    await tx.query(
      `INSERT INTO agents.products (id, code, type, name, target_amount, currency)
       SELECT id, code, type, name, "targetAmount", $2
       FROM jsonb_to_recordset($1) AS p (id uuid, code text, type text, name text, "targetAmount" numeric)`,
      [JSON.stringify(demoProducts), currency],
    );
    await publish(
      tx,
      productsChanged,
      demoProducts.map(({ id, ...rest }) => ({
        key: id,
        payload: {
          productId: id,
          ...rest,
          targetAmount: `${rest.targetAmount}.0000`,
          currency,
          active: true,
        },
      })),
    );
    await saveAgents(
      tx,
      demoAgents.map((after) => ({ before: null, after, kind: 'created' as const })),
      now,
    );
  });
}
