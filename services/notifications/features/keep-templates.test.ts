import { newId } from '@moonbase/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listTemplates, previewTemplate, putTemplate, resetTemplate } from './keep-templates.ts';
import { agentEvent, createContext, personEvent, type TestContext } from './test-context.ts';

const nimal = { id: newId(), name: 'Nimal Perera' };
const malini = { id: newId(), name: 'Malini', email: 'malini@example.com' };

let world: TestContext;
beforeEach(async () => {
  world = await createContext();
  await world.react(agentEvent(nimal), personEvent(malini));
});
afterEach(() => world.drop());

test('a template is checked, previewed, kept and reset', async () => {
  const params = { kind: 'message' as const };
  await expect(
    world.call(putTemplate, { params, body: { subject: '{{titel}}', body: '{{message}}' } }),
  ).rejects.toMatchObject({ code: 'placeholder_unknown', faults: [{ at: '/subject' }] });
  const preview = await world.call(previewTemplate, {
    params,
    body: { subject: 'To {{name}}', body: '{{titel}} from {{organisation}}' },
  });
  expect(preview.body).toEqual({ subject: 'To Nimal Perera', body: ' from Serendib', unknown: ['titel'] });
  const { body } = await world.call(putTemplate, {
    params,
    body: { subject: '{{title}}!', body: '{{message}}' },
  });
  expect(body).toMatchObject({ subject: '{{title}}!', changed: true });
  expect((await world.call(resetTemplate, { params })).body).toMatchObject({
    subject: '{{title}}',
    changed: false,
  });
  expect((await world.call(listTemplates, {})).body.items).toHaveLength(8);
});
