/**
 * Who sees which rows, as SQL that migrations use.
 *
 * Hosts act as `moonbase_host`, the system: reactions, jobs and batched writes see every row, by a policy and
 * not by a privilege. Requests act as `moonbase_request` with their reach set for the transaction
 * (limited-database.ts). Neither role owns anything, and row security is FORCEd, so nobody goes around it.
 *
 * A migration says `SELECT moonbase.limit_rows('sales.sales', agent => 'agent_id', team => 'team_id',
 * branch => 'branch_id')`: a request then sees and writes a row if the agent or the person in it is its own,
 * if the team or the branch is in its reach, or if its reach is everything.
 */
import { HOST_ROLE, REQUEST_ROLE, type Transaction } from './database.ts';

/** Sets up roles' functions; can run again. */
export async function installRowPolicies(tx: Transaction): Promise<void> {
  await tx.query(`
    CREATE OR REPLACE FUNCTION moonbase.sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
      AS $$ SELECT coalesce(current_setting('moonbase.all', true) = 'on', false) $$;
    CREATE OR REPLACE FUNCTION moonbase.own_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
      AS $$ SELECT nullif(current_setting('moonbase.person', true), '')::uuid $$;
    CREATE OR REPLACE FUNCTION moonbase.own_agent() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
      AS $$ SELECT nullif(current_setting('moonbase.agent', true), '')::uuid $$;
    CREATE OR REPLACE FUNCTION moonbase.own_teams() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
      AS $$ SELECT coalesce(nullif(current_setting('moonbase.teams', true), ''), '{}')::uuid[] $$;
    CREATE OR REPLACE FUNCTION moonbase.own_branches() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
      AS $$ SELECT coalesce(nullif(current_setting('moonbase.branches', true), ''), '{}')::uuid[] $$;

    -- Sub-selects, so that a setting is read once a statement and not once a row.
    CREATE OR REPLACE FUNCTION moonbase.limit_rows(target text, agent text DEFAULT NULL, team text DEFAULT NULL,
                                                   branch text DEFAULT NULL, person text DEFAULT NULL)
    RETURNS void LANGUAGE plpgsql AS $$
    DECLARE conditions text[] := ARRAY[]::text[];
    BEGIN
      IF agent IS NOT NULL THEN
        conditions := conditions || format('%I = (SELECT moonbase.own_agent())', agent);
      END IF;
      IF team IS NOT NULL THEN
        conditions := conditions || format('%I = ANY ((SELECT moonbase.own_teams())::uuid[])', team);
      END IF;
      IF branch IS NOT NULL THEN
        conditions := conditions || format('%I = ANY ((SELECT moonbase.own_branches())::uuid[])', branch);
      END IF;
      IF person IS NOT NULL THEN
        conditions := conditions || format('%I = (SELECT moonbase.own_person())', person);
      END IF;
      PERFORM moonbase.limit_rows_by(target, coalesce(nullif(array_to_string(conditions, ' OR '), ''), 'false'));
    END $$;

    -- By a condition of one's own, which is subject to the policies of the tables it reads.
    CREATE OR REPLACE FUNCTION moonbase.limit_rows_by(target text, condition text)
    RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target::regclass);
      EXECUTE format('DROP POLICY IF EXISTS hosts ON %s', target::regclass);
      EXECUTE format('DROP POLICY IF EXISTS reach ON %s', target::regclass);
      EXECUTE format('CREATE POLICY hosts ON %s TO ${HOST_ROLE} USING (true)', target::regclass);
      EXECUTE format('CREATE POLICY reach ON %s TO ${REQUEST_ROLE} USING ((SELECT moonbase.sees_all()) OR %s)',
                     target::regclass, condition);
    END $$;
    GRANT USAGE ON SCHEMA moonbase TO ${HOST_ROLE}, ${REQUEST_ROLE};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA moonbase TO ${HOST_ROLE}, ${REQUEST_ROLE};`);
}
