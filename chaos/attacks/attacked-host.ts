/** A whole host with every service, people who are signed in to it, and requests as an attacker writes them. */
import { connect } from 'node:net';
import { agents } from '@moonbase/agents/service.ts';
import { anomalies } from '@moonbase/anomalies/service.ts';
import { commissions } from '@moonbase/commissions/service.ts';
import { newId } from '@moonbase/data';
import type { Route } from '@moonbase/http';
import { digestOf, permissions } from '@moonbase/identity';
import { insights } from '@moonbase/insights/service.ts';
import { notifications } from '@moonbase/notifications/service.ts';
import { people } from '@moonbase/people/service.ts';
import { sales } from '@moonbase/sales/service.ts';
import { startTestHost, type TestHost, type TestHostOptions } from '@moonbase/service/testing';

export interface AttackedHost extends TestHost {
  /** Of a key with every permission. */
  all: { authorization: string };
  /** Every route of every service, and the platform's own. */
  routes: readonly AttackedRoute[];
  /** Makes a person with these roles. */
  person(name: string, ...roles: string[]): Promise<SignedIn>;
}

export interface AttackedRoute {
  name: string;
  route: Route;
  /** Below the host, with something in place of parameters. */
  path(values?: Record<string, string>): string;
}

export interface SignedIn {
  id: string;
  token: string;
  headers: { cookie: string };
}

export async function startAttackedHost(options: TestHostOptions = {}): Promise<AttackedHost> {
  const services = [people, agents, sales, commissions, anomalies, notifications, insights];
  const host = await startTestHost(services, options);
  const routes = host.host.services.flatMap(({ name: service, api = {} }) =>
    Object.entries(api).map(
      ([name, route]): AttackedRoute => ({
        name: `${service}.${name}`,
        route,
        path: (values = {}) => `/api${route.path.replace(/:(\w+)/g, (_, key) => values[key] ?? NOBODY)}`,
      }),
    ),
  );
  return {
    ...host,
    all: await host.key(...Object.keys(permissions)),
    routes,
    person: async (name, ...roles) => {
      const id = newId();
      const token = `${newId()}${newId()}`.replaceAll('-', '');
      await host.owner.query(
        `INSERT INTO people.people (id, name, email, roles) VALUES ($1, $2, $1::uuid || '@example.com', $3)`,
        [id, name, roles],
      );
      await host.owner.query(
        `INSERT INTO people.sessions (id, token, person_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 day')`,
        [newId(), digestOf(token), id],
      );
      return { id, token, headers: { cookie: `moonbase_session=${token}` } };
    },
  };
}

/** An id that nothing has. */
export const NOBODY = '01990000-0000-7000-8000-000000000000';

/** A request byte for byte, as no client of ours would write it. @returns all that comes until the end, or `milliseconds` */
export function sendRaw(url: string, text: string | Buffer, milliseconds = 5_000): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    const end = setTimeout(() => socket.destroy(), milliseconds);
    socket.setEncoding('latin1');
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      clearTimeout(end);
      resolve(answer);
    });
  });
}
