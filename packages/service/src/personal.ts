/**
 * Which data of a service are personal: whose, for what, and how long. A service declares it in its
 * `schema.ts`; the register of processing, exports, the check after an erasure and retention follow from it,
 * and a test holds it equal to the database: a text column that is marked neither way fails.
 */

/** Whose data it is. A policyholder is known by the id of the sale: Moon keeps no list of policyholders. */
export const subjectKinds = ['person', 'agent', 'policyholder'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** Somebody whose data there are. */
export interface Subject {
  kind: SubjectKind;
  /** As people know them: a name, shown to whoever may erase it and kept nowhere. */
  title: string;
  detail: string;
  /** One; of a policyholder those of all sales with that name. */
  ids: string[];
}

/** Why it may be processed: GDPR art. 6(1), PDPA No. 9 of 2022 schedule I. */
export const lawfulBases = ['contract', 'legal obligation', 'legitimate interest', 'consent'] as const;
export type LawfulBasis = (typeof lawfulBases)[number];

/** How long rows are kept; changeable as a setting. A nightly job obeys it. */
export interface Retention {
  /** What goes, for the page: `Mails kept because there is no mail server`. */
  title: string;
  /** Until somebody sets another number. */
  days: number;
  /** SQL condition of rows that are past it; `$1` is the moment that many days ago. */
  past: string;
  /** `SET …` that empties the personal columns instead of deleting the row; `past` must then be false after it. */
  empty?: string;
}

export interface PersonalTable {
  /** Columns with personal data, apart by spaces. */
  columns: string;
  /** Those of them, and others, that nobody is given: digests of passwords and tokens. */
  secret?: string;
  /** In plain words: it stands in the register and in the privacy notice. */
  purpose: string;
  basis: LawfulBasis;
  /** Until when, in plain words. */
  kept: string;
  /** By whose kind: SQL condition that finds their rows; `$1` is their id as text. */
  of: Partial<Record<SubjectKind, string>>;
  /** By kind: columns that are another's and left out of that kind's export, apart by spaces. */
  others?: Partial<Record<SubjectKind, string>>;
  /**
   * SQL condition of a row that holds nothing personal any more; unless said: all of `columns` are null or empty.
   * The check after an erasure finds rows of the subject for which it is false.
   */
  clean?: string;
  /** By name, unique within the service. */
  retention?: Record<string, Retention>;
}

export interface PersonalData {
  /** By table of the service's schema. */
  tables: Record<string, PersonalTable>;
  /** Text, JSON and byte columns that are not personal, by table, apart by spaces; `*`: none of the table is. */
  impersonal: Record<string, string>;
}

/** What somebody may agree to or refuse. Raise `version` when the text changes its meaning: consent is asked anew. */
export interface Purpose {
  title: string;
  /** In plain words, to whoever is asked. */
  text: string;
  version: number;
  basis: LawfulBasis;
  /** Whether it can be refused; what cannot is told, not asked. */
  refusable: boolean;
  /** Whether it happens until somebody says otherwise: never with the basis `consent`. */
  assumed: boolean;
}

/** The words of a space-separated list. */
export function wordsOf(list: string | undefined): string[] {
  return list?.split(/\s+/).filter(Boolean) ?? [];
}
