/**
 * For tests of figures: a real database, event log and lake, the reactions as consumers, and short words to
 * make things happen. Handlers are called with a context of this world.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  agentsChanged,
  agentsErased,
  agentsEvents,
  branchesChanged,
  productsChanged,
  teamsChanged,
} from '@moonbase/agents/events.ts';
import { EVERYTHING, newId } from '@moonbase/data';
import { createTestDatabase, type TestDatabase } from '@moonbase/data/testing';
import { EventLog, eventMigrations, publish } from '@moonbase/events';
import { SYSTEM } from '@moonbase/identity';
import { notificationsChanged } from '@moonbase/notifications/events.ts';
import {
  saleCancelled,
  saleCorrected,
  saleDeleted,
  saleRecorded,
  salesEvents,
  targetChanged,
} from '@moonbase/sales/events.ts';
import type { ServiceContext } from '@moonbase/service';
import { createLogger } from '@moonbase/telemetry';
import { Warehouse, warehouseMigrations } from '@moonbase/warehouse';
import { copyNames } from './copy-names.ts';
import { copyTargets } from './copy-targets.ts';
import { FIGURES } from './figures-position.ts';
import { lakeViews } from './lake-views.ts';
import { moveFigures, type SaleFacts } from './move-figures.ts';
import { moveNotifications } from './move-notifications.ts';
import { checks } from './reconcile.ts';

const migrations = { schema: 'insights', folder: new URL('../migrations/', import.meta.url) };

export interface SaleWords {
  amount?: string;
  currency?: string;
  day?: string;
  soldAt?: string;
  branch?: string;
  product?: string;
  /** Agent, team and amount of each share. */
  shares?: { agent: string; team: string | null; amount: string }[];
}

export class FiguresWorld {
  readonly database: TestDatabase;
  readonly events: EventLog;
  readonly warehouse: Warehouse;
  readonly context: ServiceContext;
  /** Somebody who reaches everything. */
  readonly asker = { reach: EVERYTHING, principal: SYSTEM };
  readonly folder: string;
  now = new Date('2026-11-21T12:00:00Z');

  private constructor(database: TestDatabase, folder: string) {
    const log = createLogger({ level: 'error' });
    const clock = { now: () => this.now };
    const { db } = database;
    this.database = database;
    this.folder = folder;
    const declarations = [...agentsEvents, ...salesEvents, notificationsChanged];
    this.events = new EventLog({ db, declarations, log });
    this.warehouse = new Warehouse({ db, folder, declarations, eventLog: this.events, clock });
    this.warehouse.define({ views: lakeViews, checks });
    this.context = {
      service: 'insights',
      db,
      system: db,
      clock,
      log,
      warehouse: this.warehouse,
      enqueue: async () => newId(),
      setting: async (_name, declaration) => declaration.default as never,
      organisation: async () => ({ name: 'Test', zone: 'Asia/Colombo', currency: 'USD' }),
    };
    this.events.addConsumer({
      name: FIGURES,
      on: [saleRecorded, saleCorrected, saleCancelled, saleDeleted],
      handle: (batch, tx) => moveFigures(batch, tx, this.context),
    });
    this.events.addConsumer({
      name: 'insights.notifications',
      on: [notificationsChanged],
      handle: (batch, tx) => moveNotifications(batch, tx, this.context),
      lanes: 2,
    });
    this.events.addConsumer({ name: 'insights.names', on: agentsEvents, handle: copyNames, lanes: 1 });
    this.events.addConsumer({ name: 'insights.targets', on: [targetChanged], handle: copyTargets, lanes: 1 });
  }

  static async open(): Promise<FiguresWorld> {
    const database = await createTestDatabase([eventMigrations, warehouseMigrations, migrations]);
    const world = new FiguresWorld(database, await mkdtemp(join(tmpdir(), 'lake-')));
    await world.events.start();
    return world;
  }

  async close(): Promise<void> {
    await this.warehouse.stop();
    await this.events.stop();
    await this.database.drop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Resolves when every reaction has caught up. */
  async settled(): Promise<void> {
    await this.events.drained();
  }

  sale(words: SaleWords = {}, saleId = newId()): SaleFacts {
    const { amount = '100.0000', branch = newId(), day = '2026-11-21' } = words;
    const shares = words.shares ?? [{ agent: newId(), team: null, amount }];
    return {
      saleId,
      source: 'core',
      reference: saleId,
      soldAt: words.soldAt ?? `${day}T06:00:00.000Z`,
      day,
      productId: words.product ?? newId(),
      branchId: branch,
      amount,
      currency: words.currency ?? 'USD',
      shares: shares.map((share) => ({
        agentId: share.agent,
        teamId: share.team,
        branchId: branch,
        percent: String(100 / shares.length),
        amount: share.amount,
      })),
      policyNumber: null,
    };
  }

  async record(...sales: SaleFacts[]): Promise<void> {
    await this.#publish(
      saleRecorded,
      sales.map((after) => ({ key: after.saleId, payload: { after, policyholder: null }, subjects: ['x'] })),
    );
  }

  async correct(before: SaleFacts, after: SaleFacts): Promise<void> {
    await this.#publish(saleCorrected, [
      {
        key: before.saleId,
        payload: { before, after, reason: 'typo', policyholder: null },
        subjects: ['x'],
      },
    ]);
  }

  async cancel(before: SaleFacts): Promise<void> {
    await this.#publish(saleCancelled, [
      { key: before.saleId, payload: { before, reason: 'x' }, subjects: ['x'] },
    ]);
  }

  async delete(saleId: string, before: SaleFacts | null): Promise<void> {
    await this.#publish(saleDeleted, [{ key: saleId, payload: { before, reason: 'x' }, subjects: ['x'] }]);
  }

  async branch(name: string): Promise<string> {
    const branchId = newId();
    const payload = { branchId, code: name, name, region: 'West', zone: null, active: true };
    await this.#publish(branchesChanged, [{ key: branchId, payload }]);
    return branchId;
  }

  async team(name: string): Promise<string> {
    const teamId = newId();
    await this.#publish(teamsChanged, [{ key: teamId, payload: { teamId, name, active: true } }]);
    return teamId;
  }

  async product(name: string, targetAmount: string | null = null): Promise<string> {
    const productId = newId();
    const currency = targetAmount === null ? null : 'USD';
    const payload = { productId, code: name, type: 'Life', name, targetAmount, currency, active: true };
    await this.#publish(productsChanged, [{ key: productId, payload }]);
    return productId;
  }

  async agent(name: string, branchId = newId()): Promise<string> {
    const agentId = newId();
    const [firstName = null, lastName = null] = name.split(' ');
    await this.#publish(agentsChanged, [
      {
        key: agentId,
        subjects: [agentId],
        payload: {
          agentId,
          code: name.toUpperCase(),
          status: 'active',
          branchId,
          teamId: null,
          hireDate: null,
          firstName,
          lastName,
          email: null,
          contact: null,
          authorisations: [],
          assignments: [],
          change: 'created',
        },
      },
    ]);
    return agentId;
  }

  async eraseAgent(agentId: string): Promise<void> {
    await this.#publish(agentsErased, [{ key: agentId, payload: { agentId } }]);
  }

  async target(
    kind: 'team' | 'product' | 'branch' | 'company',
    id: string | null,
    value: string,
    repeats?: 'month' | 'quarter' | 'year',
  ): Promise<void> {
    const targetId = newId();
    await this.#publish(targetChanged, [
      {
        key: targetId,
        payload: {
          targetId,
          revision: 1,
          subject: { kind, id },
          period: repeats
            ? { kind: repeats, from: '2026-01-01', to: null, repeats: true }
            : { kind: 'month', from: '2026-11-01', to: '2026-11-30', repeats: false },
          measure: 'amount',
          value,
          currency: 'USD',
          thresholds: [100],
          deleted: false,
          unitId: id,
        },
      },
    ]);
  }

  async notify(
    agentId: string | null,
    steps: readonly ('PENDING' | 'SENT' | 'FAILED')[],
    occurredAt = this.now,
  ): Promise<string> {
    const notificationId = newId();
    let before: 'PENDING' | 'SENT' | 'FAILED' | null = null;
    for (const after of steps) {
      await this.#publish(notificationsChanged, [
        {
          key: notificationId,
          occurredAt,
          payload: {
            notificationId,
            agentId,
            personId: null,
            channel: 'in-app',
            kind: 'message',
            before,
            after,
          },
        },
      ]);
      before = after;
    }
    return notificationId;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the words above are typed; what they publish is checked when it is published.
  async #publish(declaration: any, events: any[]): Promise<void> {
    await this.database.db.transaction((tx) => publish(tx, declaration, events));
  }
}
