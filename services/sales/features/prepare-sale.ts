/**
 * From what was sent to what can be judged: one spelling for amounts and times, shares worked out, and
 * what is impossible by itself (amount, currency, shares, calendar) already decided. What depends on
 * agents, products and branches is judged in the statement; see judge-sales.ts.
 */
import { hash } from 'node:crypto';
import { type Clock, newId, type Reach } from '@moonbase/data';
import type { SalesErrorCode } from '../errors.ts';
import type { SaleInput } from '../schema.ts';
import { fourDecimals, splitAmount, toUnits } from './decimals.ts';

/** Where a row of an upload stood. */
export interface Origin {
  upload: string;
  line: number;
}

export interface PreparedShare {
  agent: string;
  percent: string;
  amount: string;
}

export interface Refusal {
  code: SalesErrorCode;
  /** Field of the input. */
  field: string | null;
  /** What exactly is wrong, where the code's message does not say it. */
  detail?: string;
}

export interface PreparedSale {
  /** Of the sale, or of its row in the list of rejected ones. */
  id: string;
  source: string;
  reference: string;
  /** 128 bits over the content, in the form of a UUID. */
  digest: string;
  /** Who leads. */
  agent: string;
  /** All of a split sale, the lead first; null when the lead has it all. */
  shares: PreparedShare[] | null;
  product: string;
  branch: string | null;
  amount: string;
  currency: string;
  /** Either an instant … */
  instant: string | null;
  /** … or a local time, in `zone` or else the branch's. */
  local: string | null;
  zone: string | null;
  policyNumber: string | null;
  policyholder: string | null;
  refusal: Refusal | null;
  /** As it was sent, to be kept if it is refused. */
  sent: unknown;
  origin: Origin | null;
  /** When it was first received. */
  receivedAt: Date;
  /** It stands in the list of rejected sales under its id, and is tried again. */
  listed: boolean;
  /** What whoever sent it may record; null: everything. */
  within: Reach | null;
}

/** What the judgement of a batch depends on. */
export interface World {
  /** The organisation's. */
  zone: string;
  currency: string;
  clock: Clock;
  /** What whoever asks may record; null: everything. */
  within: Reach | null;
  /** Whether a zone is known to PostgreSQL. */
  knowsZone(name: string): boolean;
}

const currencies = new Set(Intl.supportedValuesOf('currency'));
/** Twelve digits before the point. */
const LARGEST = 12;

/** Prepares one sale; what is wrong with it by itself becomes its `refusal`. */
export function prepareSale(sent: SaleInput, world: World, origin: Origin | null = null): PreparedSale {
  const shares = sent.shares;
  const lead = sent.agent ?? shares?.[0]?.agent ?? '';
  const amount = fourDecimals(sent.amount);
  const currency = sent.currency ?? world.currency;
  const refusal = refuse(sent, amount, currency, world);
  const instant = /T.*(Z|[+-]\d\d:\d\d)$/.test(sent.soldAt);
  const when = instant && !refusal ? new Date(sent.soldAt).toISOString() : sent.soldAt;
  return {
    id: newId(),
    source: sent.source,
    reference: sent.reference,
    digest: digest(sent, lead, amount, currency, when),
    agent: lead,
    shares: shares && shares.length > 1 && !refusal ? split(amount, shares) : null,
    product: sent.product,
    branch: sent.branch ?? null,
    amount,
    currency,
    instant: instant && !refusal ? when : null,
    local: instant || refusal ? null : when,
    zone: refusal ? null : (sent.zone ?? null),
    policyNumber: sent.policyNumber ?? null,
    policyholder: sent.policyholder ?? null,
    refusal,
    sent,
    origin,
    receivedAt: world.clock.now(),
    listed: false,
    within: world.within,
  };
}

function refuse(sent: SaleInput, amount: string, currency: string, world: World): Refusal | null {
  if ((sent.agent === undefined) === (sent.shares === undefined))
    return { code: 'agent_missing', field: 'agent' };
  if (amount.startsWith('-') || amount.length > LARGEST + 5 || !/[1-9]/.test(amount))
    return { code: 'amount_impossible', field: 'amount' };
  if (!currencies.has(currency)) return { code: 'currency_unknown', field: 'currency' };
  if (!isOnCalendar(sent.soldAt)) return { code: 'date_impossible', field: 'soldAt' };
  if (sent.zone !== undefined && !world.knowsZone(sent.zone)) return { code: 'zone_unknown', field: 'zone' };
  if (sent.shares && !addUp(sent.shares)) return { code: 'shares_impossible', field: 'shares' };
  return null;
}

/** Has the day, the time and the offset; the shape was checked before. */
function isOnCalendar(soldAt: string): boolean {
  const month = Number(soldAt.slice(5, 7));
  const day = Number(soldAt.slice(8, 10));
  if (month < 1 || month > 12 || day < 1) return false;
  if (day > 28 && new Date(Date.UTC(Number(soldAt.slice(0, 4)), month - 1, day)).getUTCDate() !== day)
    return false;
  if (soldAt.length === 10) return Number(soldAt.slice(0, 4)) > 0;
  const [, offset] = /[+-](\d\d):\d\d$/.exec(soldAt.slice(16)) ?? [];
  return (
    Number(soldAt.slice(0, 4)) > 0 &&
    Number(soldAt.slice(11, 13)) < 24 &&
    Number(soldAt.slice(14, 16)) < 60 &&
    !(Number(soldAt.slice(17, 19)) > 59) &&
    !(Number(offset) > 15) &&
    !(Number(/[+-]\d\d:(\d\d)$/.exec(soldAt.slice(16))?.[1]) > 59)
  );
}

function addUp(shares: readonly { agent: string; percent: string }[]): boolean {
  const percentages = shares.map((share) => toUnits(share.percent));
  return (
    percentages.every((percent) => percent > 0n) &&
    percentages.reduce((sum, percent) => sum + percent, 0n) === 1_000_000n &&
    new Set(shares.map((share) => share.agent)).size === shares.length
  );
}

function split(amount: string, shares: readonly { agent: string; percent: string }[]): PreparedShare[] {
  const amounts = splitAmount(
    amount,
    shares.map((share) => share.percent),
  );
  return shares.map(({ agent, percent }, index) => ({
    agent,
    percent: fourDecimals(percent),
    amount: amounts[index]!,
  }));
}

/** The same content, however it is spelt, has the same digest. */
function digest(sent: SaleInput, lead: string, amount: string, currency: string, when: string): string {
  const shares =
    sent.shares && sent.shares.length > 1 ? sent.shares.map((s) => [s.agent, fourDecimals(s.percent)]) : 0;
  const content = [
    lead,
    shares,
    sent.product,
    amount,
    currency,
    when,
    sent.zone,
    sent.branch,
    sent.policyNumber,
    sent.policyholder,
  ];
  return hash('sha256', JSON.stringify(content)).slice(0, 32);
}
