/** The peer: Fastify and a pg pool, one bare INSERT a request, nothing else. Argument: database URL. */
import Fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.argv[2], max: 20 });
const app = Fastify();
const body = {
  type: 'object',
  required: ['source', 'reference', 'agent', 'product', 'amount', 'soldAt'],
  properties: {
    source: { type: 'string' },
    reference: { type: 'string' },
    agent: { type: 'string' },
    product: { type: 'string' },
    amount: { type: 'string' },
    soldAt: { type: 'string' },
  },
};
app.post('/api/sales', { schema: { body } }, async (request, reply) => {
  const { source, reference, agent, product, amount, soldAt } = request.body as Record<string, string>;
  const answer = await pool.query({
    name: 'insert',
    text: `INSERT INTO bench.sales (source, reference, agent, product, amount, sold_at)
           VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    values: [source, reference, agent, product, amount, soldAt],
  });
  return reply.code(201).send(answer.rows[0]);
});
console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
process.once('SIGTERM', () => process.exit(0));
