/**
 * The first statement of a transaction with its BEGIN, in one message to the server: a round trip less.
 *
 * There is no synchronisation point between the two, so without a transaction the statement does not run:
 * after an error the server skips everything up to the point behind the statement. A second BEGIN changes
 * nothing, so every statement sent before the first answer may bring its own.
 */
import pg from 'pg';

/** What `pg` keeps to itself of its connection and queries. */
interface Wire {
  parse(message: { text: string; name?: string }): void;
  bind(message: object): void;
  execute(message: { portal: string }): void;
  query(text: string): void;
}
interface Internals {
  name: string | undefined;
  text: string;
  requiresPreparation(): boolean;
  prepare(wire: Wire): void;
  handleCommandComplete(message: unknown, wire: Wire): void;
}

const parent = pg.Query.prototype as unknown as Internals & { submit(wire: Wire): Error | null };

export class BeginningQuery extends pg.Query {
  #begun = false;
  #name: string | undefined;
  readonly #onBegun: () => void;

  /** @param onBegun the transaction is open */
  constructor(
    config: pg.QueryConfig,
    callback: (error: Error | undefined, result: pg.ResultBuilder) => void,
    onBegun: () => void,
  ) {
    super(config, callback);
    this.#onBegun = onBegun;
  }

  prepare(wire: Wire): void {
    const self = this as unknown as Internals;
    wire.parse({ text: 'BEGIN' });
    wire.bind({});
    wire.execute({ portal: '' });
    parent.prepare.call(self, wire);
    // The client takes the next "parsed" for that of the statement's name; the next one is BEGIN's.
    this.#name = self.name;
    self.name = undefined;
  }

  override submit = (connection: pg.Connection): Error | null => {
    const self = this as unknown as Internals;
    const wire = connection as unknown as Wire;
    if (self.requiresPreparation()) return parent.submit.call(self, wire);
    wire.query(`BEGIN; ${self.text}`);
    return null;
  };

  handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.#begun) {
      parent.handleCommandComplete.call(this as unknown as Internals, message, wire);
      return;
    }
    this.#begun = true;
    (this as unknown as Internals).name = this.#name ?? (this as unknown as Internals).name;
    this.#onBegun();
  }
}
