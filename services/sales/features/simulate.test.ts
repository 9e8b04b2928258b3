import { agents } from '@moonbase/agents/service.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { simulateCommand } from '../commands.ts';
import { type ImportWorld, startImportWorld } from '../fixtures/import-world.ts';
import { simulate } from './simulate.ts';

let imports: ImportWorld;
beforeEach(async () => {
  imports = await startImportWorld();
});
afterEach(() => imports.host.stop());

test('it pushes at the rate that was chosen, and everything that it counts is there', async () => {
  await agents.seed!(imports.host.host.context('agents'));
  await imports.host.settled();
  const counts = await simulate({ rate: 150, seconds: 3 }, imports.world);
  expect(counts).toMatchObject({ sent: 450, failed: 0 });
  expect(counts.repeated).toBeGreaterThan(0);
  const stored = await imports.host.db.query(
    `SELECT count(*) AS recorded, (SELECT count(*) FROM sales.rejected) AS waiting,
            (SELECT count(*) FROM sales.changes) AS changed FROM sales.sales`,
  );
  const { recorded, waiting, corrected, cancelled } = counts;
  expect(stored.rows).toEqual([{ recorded, waiting, changed: corrected + cancelled }]);
});

test('without agents it says what is missing', async () => {
  await simulate({ rate: 10, seconds: 1 }, imports.world);
  expect(imports.printed).toEqual([expect.stringContaining('enter agents')]);
  await expect(simulateCommand.run([], { rate: 'fast' }, imports.world)).rejects.toMatchObject({
    code: 'option_impossible',
  });
});
