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
  'statement-closed': {
    title: 'Statement closed',
    summary: 'The commission statement of an agent was closed: it is told to the agent.',
    subject: 'Your statement for {{month}} is closed',
    body: 'Your commission statement {{number}} for {{month}} is closed: {{amount}}. Each line says how it was computed; if you doubt one, raise a dispute there.',
    placeholders: {
      ...everywhere,
      month: ['Month of the statement', 'March 2026'],
      number: ['Number of the statement', '2026-000123'],
      amount: ['Commission of the month', 'LKR 45,210.50'],
    },
    channels: ['in-app', 'email'],
  },
  'dispute-raised': {
    title: 'Dispute raised',
    summary: 'A commission statement is in dispute, or no longer: those who decide are told.',
    subject: '{{agent}}: a dispute about {{month}} was {{what}}',
    body: 'A dispute about the commission statement of {{agent}} for {{month}} was {{what}}.',
    placeholders: {
      ...everywhere,
      agent: ['Name of the agent', 'Ishara Jayasinghe'],
      month: ['Month of the statement', 'March 2026'],
      what: ['Raised or withdrawn', 'raised'],
      amount: ['What follows from it', 'nothing is paid for it'],
    },
    channels: ['in-app', 'email'],
  },
  'dispute-decided': {
    title: 'Dispute decided',
    summary: 'A dispute about a commission statement was decided: it is told to the agent.',
    subject: 'Your dispute about {{month}} was {{what}}',
    body: 'Your dispute about the commission statement for {{month}} was {{what}}: {{amount}}. The reason stands in the dispute.',
    placeholders: {
      ...everywhere,
      agent: ['Name of the agent', 'Ishara Jayasinghe'],
      month: ['Month of the statement', 'March 2026'],
      what: ['Accepted or refused', 'accepted'],
      amount: ['What follows from it', 'LKR 1,200.00 on your next statement'],
    },
    channels: ['in-app', 'email'],
  },
  anomaly: {
    title: 'Something unusual',
    summary:
      'A sale, a day of sales, cancellations, a sign-in or an export looked unusual: told to those who may see it.',
    subject: '{{what}}',
    body: '{{reason}} Look at it and mark it as right or wrong: the answer moves the threshold.',
    placeholders: {
      ...everywhere,
      what: ['What kind of thing looked unusual', 'Unusual amount'],
      reason: [
        'Why, with the figures',
        'Sale P-1001 of 250,000.00 USD is 14 times the agent’s usual 17,500.00 for this product.',
      ],
    },
    channels: ['in-app', 'webhook'],
  },
  'anomaly-summary': {
    title: 'More that is unusual',
    summary: 'What looked unusual in an hour beyond the first few, summed up at its end.',
    subject: '{{number}} looked unusual',
    body: '{{number}} looked unusual in the last hour, beyond those you were told of one by one. They are in the list of anomalies.',
    placeholders: { ...everywhere, number: ['How many more', '7 more things'] },
    channels: ['in-app'],
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
