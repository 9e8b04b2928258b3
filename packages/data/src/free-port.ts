/** Ports of this machine, on 127.0.0.1. Somebody may take one between the answer and its use. */
import { createServer } from 'node:net';

export async function freePort(): Promise<number> {
  return (await listen(0)) ?? Promise.reject(new Error('no free port'));
}

export async function isFree(port: number): Promise<boolean> {
  return (await listen(port)) !== undefined;
}

/** Listens for a moment. @returns the port, or undefined if it is taken */
function listen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(address && typeof address === 'object' ? address.port : undefined));
    });
  });
}
