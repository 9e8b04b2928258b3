/** COPY … FROM STDIN over one connection, by the protocol: what PostgreSQL takes in at most. */
import { createReadStream } from 'node:fs';
import pg from 'pg';

interface Wire {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  stream: { writableNeedDrain: boolean; once(event: 'drain', run: () => void): void };
}

/** A query as `pg` takes it: it writes the file when the server says that it is ready for it. */
class CopyIn {
  readonly #text: string;
  readonly #file: string;
  readonly done = Promise.withResolvers<void>();

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  submit(wire: Wire): void {
    wire.query(this.#text);
  }

  handleCopyInResponse(wire: Wire): void {
    void this.#send(wire).catch(this.done.reject);
  }

  handleError(error: Error): void {
    this.done.reject(error);
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.done.resolve();
  }

  async #send(wire: Wire): Promise<void> {
    for await (const chunk of createReadStream(this.#file, { highWaterMark: 1 << 18 })) {
      wire.sendCopyFromChunk(chunk);
      if (wire.stream.writableNeedDrain) await new Promise<void>((go) => wire.stream.once('drain', go));
    }
    wire.endCopyFrom();
  }
}

/** @param text `COPY t FROM STDIN …` */
export async function copyIn(databaseUrl: string, text: string, file: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const copy = new CopyIn(text, file);
  client.query(copy as unknown as pg.Submittable);
  await copy.done.promise;
  await client.end();
}
