/** `moon secrets`: which master key the secrets in the database are under, and changing it. */
import { randomBytes } from 'node:crypto';
import {
  checkDataKeys,
  type Database,
  dataKeyStates,
  localMasterKey,
  readKeyFile,
  retireMasterKeys,
  rewrapNext,
  writeKeyFile,
} from '@moonbase/data';
import { runInWorld } from '../command-world.ts';
import type { Environment } from '../environment.ts';
import { Failure } from '../failure.ts';
import { type SecretKeys, secretKeysOf } from '../secret-key.ts';

export async function secretsStatus(dataFolder: string, environment: Environment): Promise<void> {
  await runInWorld({ dataFolder, services: [], environment }, async ({ database, print }) => {
    const db = await database();
    for (const line of await describeSecrets(db, secretKeysOf(environment, dataFolder))) print(line);
    await checkDataKeys(db);
  });
}

/** Lines for people: what is under which key. Ids only. */
export async function describeSecrets(db: Database, keys: SecretKeys): Promise<string[]> {
  const [current, ...older] = (await keys.source()).map(({ id }) => id);
  const states = await dataKeyStates(db);
  const under = states.filter(({ master }) => master === current).length;
  return [
    `Master key ${current} from ${keys.from}${older.length > 0 ? `; accepted beside it: ${older.join(', ')}` : ''}`,
    ...states.map(
      ({ purpose, master, wrappedAt }) => `  ${purpose}  under ${master} since ${wrappedAt.toISOString()}`,
    ),
    `${under} of ${states.length} data keys are under it${
      under < states.length ? ': ./moon secrets rotate brings the others there' : ''
    }.`,
  ];
}

export async function rotateSecrets(dataFolder: string, environment: Environment): Promise<void> {
  await runInWorld({ dataFolder, services: [], environment }, async ({ database, print }) => {
    // First, because it makes a laptop's data folder where there is none.
    const db = await database();
    await rotate(db, secretKeysOf(environment, dataFolder), print);
  });
}

/**
 * Brings every data key under the current master key, then retires the older ones. On a laptop the new key is
 * made here: it is in the file, in front of the old one, before anything is wrapped with it, and the old one
 * leaves the file last. Killed at any moment, the next run goes on.
 */
export async function rotate(db: Database, keys: SecretKeys, print: (line: string) => void): Promise<void> {
  const { laptopFile } = keys;
  if (laptopFile) {
    const there = readKeyFile(laptopFile, { create: true });
    if (there.length === 1) writeKeyFile(laptopFile, [randomBytes(32), ...there]);
  }
  const masters = (await keys.source()).map(({ id }) => id);
  await checkDataKeys(db);
  if (masters.length === 1)
    throw new Failure(
      `Only one master key is given, ${masters[0]}: there is nothing to rotate to.`,
      `To change it, put a new one in front: ${keys.from}=<new>,<old>, restart the hosts, and run this again.`,
    );
  let rewrapped = 0;
  let retired: string[] | undefined;
  do {
    for (
      let purpose = await db.transaction(rewrapNext);
      purpose;
      purpose = await db.transaction(rewrapNext)
    ) {
      print(`  ${purpose}`);
      rewrapped += 1;
    }
    retired = await db.transaction(retireMasterKeys);
  } while (retired === undefined);
  if (laptopFile)
    writeKeyFile(
      laptopFile,
      readKeyFile(laptopFile).filter((key) => localMasterKey(key).id === masters[0]),
    );
  print(`${rewrapped} data keys were brought under ${masters[0]}.`);
  if (laptopFile) print(`${laptopFile} holds the new key only.`);
  else print(`Take ${masters.slice(1).join(', ')} out of ${keys.from} now: it is accepted no more.`);
}
