/** Answers for the gallery, the same at every run: no database, no services. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { madeUpSystem } from './made-up-system.ts';

const branches = ['North', 'Harbour', 'Old Town', 'Riverside', 'Hill Station'];
const names = [
  'Amara Silva',
  'Jonas Weber',
  'Mei-Ling Tan',
  'Nimal Perera',
  'Chiara Conti',
  'Kofi Mensah',
  'Ingrid Olsen',
];
const products = ['Term Life', 'Family Health', 'Motor Comprehensive', 'Home & Contents', 'Travel Plus'];
const statuses = ['recorded', 'recorded', 'recorded', 'recorded', 'corrected', 'recorded', 'cancelled'];
const total = 3_000;
const start = Date.now();

function sale(place: number) {
  const spread = (place * 7919 + 13) % 9973;
  return {
    id: `sale-${place}`,
    soldAt: new Date(start - place * 411_000 - spread * 17).toISOString(),
    reference: `POL-${String(880_000 - place).padStart(6, '0')}`,
    agent: names[spread % names.length],
    branch: branches[spread % branches.length],
    product: products[(spread >> 2) % products.length],
    amount: `${120 + (spread % 4_700)}.${String(spread % 100).padStart(2, '0')}00`,
    currency: 'USD',
    status: statuses[spread % statuses.length],
  };
}

const session = {
  person: {
    id: '018f0000-0000-7000-8000-000000000001',
    name: 'Amara Silva',
    email: 'amara@moon.example',
    roles: ['administrator'],
    agentId: null,
    zone: null,
    locale: 'en-GB',
    passwordTemporary: false,
  },
  permissions: ['sales:read', 'sales:write', 'system:read', 'system:write', 'insights:query'],
  organisation: { name: 'Moon Insurance', zone: 'Asia/Colombo', currency: 'USD' },
};

export function madeUpApi() {
  let signedIn = true;
  return (request: IncomingMessage, response: ServerResponse, next: () => void): unknown => {
    const url = new URL(request.url ?? '/', 'http://gallery');
    if (!url.pathname.startsWith('/api/')) return next();
    const answer = (status: number, body?: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req-7f3a' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    const problem = (status: number, code: string, detail: string, remedy: string, faults: unknown[] = []) =>
      answer(status, { status, code, detail, remedy, faults, requestId: '018f6d2a-9c41' });

    const system = madeUpSystem[`${request.method} ${url.pathname}`];
    if (system) return answer(200, system());
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /api/session':
        if (request.headers.cookie?.includes('out=1'))
          return problem(401, 'signed_out', 'Nobody is signed in.', 'Sign in.');
        return signedIn
          ? answer(200, session)
          : problem(401, 'signed_out', 'Nobody is signed in.', 'Sign in.');
      case 'POST /api/session':
        return readBody(request, (body) => {
          if (body.password !== 'moonlight') {
            return problem(
              401,
              'sign_in_refused',
              'Email and password do not fit.',
              'Check both and try again.',
            );
          }
          signedIn = true;
          answer(200, session);
        });
      case 'DELETE /api/session':
        signedIn = false;
        return answer(204);
      case 'GET /api/sales': {
        const from = Number(url.searchParams.get('cursor') ?? 0);
        const wanted = url.searchParams.get('branch');
        const text = (url.searchParams.get('q') ?? '').toLowerCase();
        const all = Array.from({ length: total }, (_, place) => sale(place)).filter(
          (each) => (!wanted || each.branch === wanted) && each.reference.toLowerCase().includes(text),
        );
        const next_ = from + 50 < all.length ? String(from + 50) : null;
        return answer(200, { items: all.slice(from, from + 50), next: next_ });
      }
      case 'POST /api/sales':
        return problem(422, 'sale_refused', 'The sale was refused.', 'Mend what is marked.', [
          { at: '/amount', message: 'Above the limit of this product.' },
          { at: '/shares', message: 'The shares do not add up to 100 %.' },
        ]);
      case 'POST /api/sales/upload':
        return readBody(request, () => answer(200, { rows: 3 }));
      case 'GET /api/broken':
        return problem(503, 'warehouse_away', 'The warehouse does not answer.', 'Try again in a minute.');
      case 'GET /api/live':
        return live(request, response);
      default:
        return problem(404, 'not_found', 'There is nothing here.', 'Check the address.');
    }
  };
}

function readBody(request: IncomingMessage, done: (body: Record<string, unknown>) => void): void {
  let text = '';
  request.on('data', (piece) => {
    text += piece;
  });
  request.on('end', () => {
    try {
      done(JSON.parse(text));
    } catch {
      done({});
    }
  });
}

/** One sale every two seconds. */
function live(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': welcome\n\n');
  let position = 1;
  const timer = setInterval(() => {
    position += 1;
    const event = {
      position,
      type: 'sales.recorded',
      key: `sale-${position}`,
      occurredAt: new Date().toISOString(),
      payload: { agent: names[position % names.length], amount: `${100 + position}.0000` },
    };
    response.write(`id: ${position}\ndata: ${JSON.stringify([event])}\n\n`);
  }, 2_000);
  request.on('close', () => clearInterval(timer));
}
