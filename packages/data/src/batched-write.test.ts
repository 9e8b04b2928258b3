import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing.ts';
import { batchedWrite } from './batched-write.ts';
import { newId } from './ids.ts';

const sets = [{ schema: 'notes', folder: new URL('../fixtures/migrations/', import.meta.url) }];
let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase(sets);
});
afterEach(() => database.drop());

interface Note {
  id: string;
  text: string;
}

function noteWriter() {
  const sizes: number[] = [];
  const write = batchedWrite<Note, string>({
    write: async (tx, notes) => {
      sizes.push(notes.length);
      await tx.query('INSERT INTO notes.notes SELECT * FROM unnest($1::uuid[], $2::text[])', [
        notes.map((note) => note.id),
        notes.map((note) => note.text),
      ]);
      return notes.map((note) => note.id);
    },
  });
  return { write, sizes };
}

test('writes that arrive together share a transaction, and each gets its own result', async () => {
  const { write, sizes } = noteWriter();
  const notes = Array.from({ length: 40 }, (_, index) => ({ id: newId(), text: `note ${index}` }));
  const ids = await Promise.all(notes.map((note) => write(database.db, note)));
  expect(ids).toEqual(notes.map((note) => note.id));
  expect(sizes).toEqual([40]);
});

test('one unforeseen bad row among many fails alone', async () => {
  const { write } = noteWriter();
  const notes = Array.from({ length: 9 }, (_, index) => ({
    id: newId(),
    text: index === 4 ? 'forbidden' : 'fine',
  }));
  const outcomes = await Promise.allSettled(notes.map((note) => write(database.db, note)));
  expect(outcomes.map((outcome) => outcome.status)).toEqual(
    notes.map((_, i) => (i === 4 ? 'rejected' : 'fulfilled')),
  );
  const stored = await database.db.query('SELECT id FROM notes.notes');
  expect(stored.rowCount).toBe(8);
});
