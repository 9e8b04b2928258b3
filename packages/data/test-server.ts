import { startTestServer } from './testing.ts';

/** The runner's global set-up: one PostgreSQL for the whole run, stopped afterwards. */
export default startTestServer;
