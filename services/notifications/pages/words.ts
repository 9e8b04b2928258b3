/** How channels and kinds are called on pages. */
import type { Channel, Kind } from '../schema.ts';

export const channelWords: Record<Channel, string> = {
  'in-app': 'In the console',
  email: 'Email',
  webhook: 'Webhook',
};

export const kindWords: Record<Kind, string> = {
  'target-reached': 'Target reached',
  'agent-deactivated': 'Agent deactivated',
  'statement-closed': 'Statement closed',
  'dispute-raised': 'Dispute raised',
  'dispute-decided': 'Dispute decided',
  anomaly: 'Something unusual',
  'anomaly-summary': 'More that is unusual',
  message: 'Message',
};

/** The name of a kind; a kind that this version does not know stays as it is. */
export function wordOfKind(kind: string): string {
  return kindWords[kind as Kind] ?? kind;
}

export function optionsOf(words: Record<string, string>): { value: string; label: string }[] {
  return Object.entries(words).map(([value, label]) => ({ value, label }));
}
