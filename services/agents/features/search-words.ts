/** What an agent is found by: words without case and accents, matched by their beginnings. */
import type { Agent } from '../schema.ts';

/** Folds text so that `José` and `JOSE` are the same; scripts other than Latin keep their vowel signs. */
export function foldWords(text: string): string[] {
  const folded = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  return [...new Set(folded.split(/\s+/).filter((word) => word !== ''))];
}

export function wordsOf(agent: Pick<Agent, 'code' | 'firstName' | 'lastName' | 'email'>): string[] {
  const { code, firstName, lastName, email } = agent;
  return foldWords([code, firstName, lastName, email].filter((part) => part !== null).join(' '));
}

/** Patterns for LIKE, one per word searched for: each must be the beginning of some word. */
export function searchPatterns(search: string): string[] {
  return foldWords(search)
    .slice(0, 6)
    .map((word) => `${word.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`);
}
