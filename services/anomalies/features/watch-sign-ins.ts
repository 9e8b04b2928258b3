/** Holds each sign-in against the places that the person signed in from before, and remembers this one. */
import {
  type Database,
  isSealedBytes,
  opener,
  type Queryable,
  sealer,
  type Transaction,
} from '@moonbase/data';
import type { ServiceContext } from '@moonbase/service';
import { type Finding, flagAnomalies } from './flag-anomalies.ts';
import { browserFamily, digestOf, judgePlace, type KnownPlace, networkOf } from './new-place.ts';
import { readThresholds } from './thresholds.ts';
import { localTime } from './write-words.ts';

/** As `people.signed-in` tells it; place and browser are null once the person is erased. */
export interface SignIn {
  occurredAt: Date;
  payload: {
    personId: string;
    sessionId: string;
    place: string | null;
    browser: string | null;
    secondFactor: boolean;
  };
}

export async function watchSignIns(
  events: readonly SignIn[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  const { zone } = await context.organisation();
  const seen = events.filter(({ payload }) => payload.place !== null);
  if (seen.length === 0) return;
  const people = [...new Set(seen.map(({ payload }) => payload.personId))];
  const [key, thresholds, places, who] = await Promise.all([
    placesKey(tx),
    readThresholds(tx),
    tx.query<KnownPlace & { personId: string }>(
      `SELECT person_id AS "personId", network, browser, first_seen AS "firstSeen"
       FROM anomalies.places WHERE person_id = ANY($1)`,
      [people],
    ),
    tx.query<{ id: string; agentId: string | null; branchId: string | null; teamId: string | null }>(
      `SELECT p.id, p.agent_id AS "agentId", a.branch_id AS "branchId", a.team_id AS "teamId"
       FROM anomalies.people p LEFT JOIN anomalies.agents a ON a.id = p.agent_id WHERE p.id = ANY($1)`,
      [people],
    ),
  ]);
  const findings: Finding[] = [];
  for (const { payload, occurredAt } of seen) {
    const { personId } = payload;
    const family = browserFamily(payload.browser);
    const network = digestOf(key, personId, networkOf(payload.place!));
    const browser = digestOf(key, personId, family);
    const known = places.rows.filter((row) => row.personId === personId);
    const found = judgePlace({ network, browser, secondFactor: payload.secondFactor, at: occurredAt }, known);
    const { day, minute } = localTime(zone, occurredAt);
    if (found) {
      const person = who.rows.find((row) => row.id === personId);
      const factor = payload.secondFactor ? 'with a second factor' : 'without a second factor';
      findings.push({
        detector: 'new-place',
        thing: payload.sessionId,
        score: found.score,
        reason: `Sign-in at ${minute} from ${found.what} (${family}), ${factor}; ${known.length} ${
          known.length === 1 ? 'place is' : 'places are'
        } known of this person.`,
        evidence: {
          measure: 'surprise',
          currency: null,
          usual: String(known.length),
          value: found.score.toFixed(2),
          whose: 'person',
          history: [],
        },
        agentId: person?.agentId ?? null,
        branchId: person?.branchId ?? null,
        teamId: person?.teamId ?? null,
        personId,
        saleId: null,
        day,
        at: occurredAt,
      });
    }
    if (!known.some((each) => each.network.equals(network) && each.browser.equals(browser)))
      places.rows.push({ personId, network, browser, firstSeen: occurredAt });
    await tx.query(
      `INSERT INTO anomalies.places (person_id, network, browser, first_seen, last_seen)
       VALUES ($1, $2, $3, $4, $4)
       ON CONFLICT (person_id, network, browser) DO UPDATE SET last_seen = excluded.last_seen`,
      [personId, network, browser, occurredAt],
    );
  }
  await flagAnomalies(tx, findings, thresholds, context.clock.now());
}

const PLACES = { purpose: 'anomalies.secrets', row: 'places' };

/** The key of the digests of places. Until the host has sealed it, as the migration made it. */
async function placesKey(db: Queryable): Promise<Buffer> {
  const found = await db.query<{ value: Buffer }>(
    `SELECT value FROM anomalies.secrets WHERE name = 'places'`,
  );
  const { value } = found.rows[0]!;
  if (!isSealedBytes(value)) return value;
  return (await opener(db, PLACES.purpose, [value]))(PLACES.row, value);
}

/** Encrypts the key that the migration made. */
export async function sealPlacesKey({ db }: { db: Database }): Promise<void> {
  await db.transaction(async (tx) => {
    const found = await tx.query<{ value: Buffer }>(
      `SELECT value FROM anomalies.secrets WHERE name = 'places' FOR UPDATE`,
    );
    const { value } = found.rows[0]!;
    if (isSealedBytes(value)) return;
    const seal = await sealer(tx, PLACES.purpose);
    await tx.query(`UPDATE anomalies.secrets SET value = $1 WHERE name = 'places'`, [
      seal(PLACES.row, value),
    ]);
  });
}
