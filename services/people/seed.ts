/** The demo's organisation and a few colleagues, who cannot sign in until an administrator sets a password. */
import { organisation } from '@moonbase/identity';
import type { ServiceContext } from '@moonbase/service';
import { addPerson } from './features/create-person.ts';

const colleagues = [
  [
    '01920000-0000-7000-8000-000000000001',
    'Samanthi Wickramasinghe',
    'samanthi',
    ['region-manager'],
    ['Western'],
  ],
  ['01920000-0000-7000-8000-000000000002', 'Dinesh Rajapaksa', 'dinesh', ['analyst']],
  ['01920000-0000-7000-8000-000000000003', 'Farhan Ismail', 'farhan', ['operator']],
  ['01920000-0000-7000-8000-000000000004', 'Ruwani Jayasuriya', 'ruwani', ['auditor']],
] as const;

export async function seed({ db, clock }: ServiceContext): Promise<void> {
  const value = organisation.parse({ name: 'Moon Insurance', zone: 'Asia/Colombo', currency: 'USD' });
  await db.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO people.settings (name, value, changed_by, changed_at) VALUES ('people.organisation', $1, 'system', $2)
       ON CONFLICT (name) DO NOTHING`,
      [JSON.stringify(value), clock.now()],
    );
    for (const [id, name, mailbox, roles, regions] of colleagues) {
      const known = await tx.query('SELECT FROM people.people WHERE id = $1', [id]);
      if (known.rowCount) continue;
      await addPerson(tx, { id, name, email: `${mailbox}@moon.example`, roles, regions }, clock.now());
    }
  });
}
