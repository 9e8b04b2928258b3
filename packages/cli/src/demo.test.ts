import type { Service } from '@moonbase/service';
import { expect, test } from 'vitest';
import { inOrderOfEvents } from './demo.ts';

const service = (name: string, hears: string[] = []): Service =>
  ({
    name,
    title: name,
    events: [{ type: `${name}.changed` }],
    reactions: { copy: { on: hears.map((other) => ({ type: `${other}.changed` })), handle: async () => {} } },
  }) as unknown as Service;

test('demo data of a service is filled after that of those whose events it hears', () => {
  const services = [
    service('insights', ['sales', 'agents']),
    service('sales', ['agents', 'sales']),
    service('agents'),
  ];
  expect(inOrderOfEvents(services).map(({ name }) => name)).toEqual(['agents', 'sales', 'insights']);
});

test('services that hear each other are both filled', () => {
  const services = [service('one', ['two']), service('two', ['one'])];
  expect(inOrderOfEvents(services).map(({ name }) => name)).toEqual(['two', 'one']);
});
