/** Every kind of notification: what it is about, how it reads and how it travels unless somebody says else. */
import type { Channel, Kind } from '../schema.ts';

export interface KindRow {
  title: string;
  summary: string;
  subject: string;
  body: string;
  /** What may stand in subject and body as `{{name}}`: meaning and an example. */
  placeholders: Record<string, readonly [meaning: string, example: string]>;
  /** Over which channels people get it who have not chosen. */
  channels: readonly Channel[];
}

/** In every kind. */
const everywhere = {
  name: ['Name of whoever is told', 'Nimal Perera'],
  organisation: ['Name of the organisation', 'Serendib Insurance'],
} as const;

export const kinds: Record<Kind, KindRow> = {
  'target-reached': {
    title: 'Target reached',
    summary: 'A target of an agent, team, branch, product or the company passed one of its thresholds.',
    subject: '{{subject}} reached {{threshold}} of the target',
    body: '{{subject}} has reached {{threshold}} of the target for {{period}}: {{progress}} of {{target}}, as of {{day}}.',
    placeholders: {
      ...everywhere,
      subject: ['Agent, team, branch, product or company', 'Team Kingfisher'],
      threshold: ['Threshold that was passed', '100 %'],
      progress: ['What was sold so far', 'LKR 2,512,000'],
      target: ['What is to be sold', 'LKR 2,500,000'],
      period: ['Days that the target is for', '1 Mar 2026 to 31 Mar 2026'],
      day: ['Business day of the sale that did it', '24 Mar 2026'],
    },
    channels: ['in-app', 'email', 'webhook'],
  },
  'agent-deactivated': {
    title: 'Agent deactivated',
    summary: 'An agent was deactivated: from now on sales of this agent are rejected.',
    subject: '{{agent}} was deactivated',
    body: '{{agent}} ({{code}}) was deactivated. Sales of this agent are not taken any more.',
    placeholders: {
      ...everywhere,
      agent: ['Name of the agent', 'Ishara Jayasinghe'],
      code: ['Code of the agent', 'AGT004'],
    },
    channels: ['in-app', 'webhook'],
  },
  message: {
    title: 'Message',
    summary: 'Somebody wrote a message by hand.',
    subject: '{{title}}',
    body: '{{message}}',
    placeholders: {
      ...everywhere,
      title: ['Title that was written', 'Branch meeting on Monday'],
      message: ['Message that was written', 'We meet at nine in the Colombo office.'],
    },
    channels: ['in-app', 'email', 'webhook'],
  },
};

/** An example of every placeholder of a kind, for previews. */
export function examplesOf(kind: Kind): Record<string, string> {
  return Object.fromEntries(
    Object.entries(kinds[kind].placeholders).map(([name, [, example]]) => [name, example]),
  );
}
