/** Agents: who sells, what they may sell, and where they belong. */
import { defineService } from '@moonbase/service';
import { agentsApi } from './api.ts';
import { agentsError } from './errors.ts';
import { agentsEvents } from './events.ts';
import { assign, withdrawAssignment } from './features/assign-agent.ts';
import { authorise, changeAuthorisation, withdrawAuthorisation } from './features/authorise-agent.ts';
import { changeAgent } from './features/change-agent.ts';
import { createAgent } from './features/create-agent.ts';
import { deactivateAgent, reactivateAgent } from './features/deactivate-agent.ts';
import { erase, eraseAgent } from './features/erase-agent.ts';
import { exportAgents } from './features/export-agents.ts';
import { findAgentSubjects } from './features/find-agent-subjects.ts';
import { importAgents } from './features/import-agents.ts';
import { changeBranch, createBranch, listBranches, putBranch } from './features/keep-branches.ts';
import { changeProduct, createProduct, listProducts, putProduct } from './features/keep-products.ts';
import { changeTeam, createTeam, listTeams, putTeam } from './features/keep-teams.ts';
import { listAgents } from './features/list-agents.ts';
import { listChanges } from './features/list-changes.ts';
import { pushAgents, putAgent } from './features/push-agents.ts';
import { readAgent } from './features/read-agents.ts';
import { listRejectedRows, readImport } from './features/read-import.ts';
import { agentsJobs, agentsSchedules } from './jobs.ts';
import { agentsPersonal } from './schema.ts';
import { seed } from './seed.ts';

export const agents = defineService({
  name: 'agents',
  title: 'Agents',
  migrations: new URL('./migrations/', import.meta.url),
  api: agentsApi,
  events: agentsEvents,
  personal: agentsPersonal,
  findSubjects: findAgentSubjects,
  erase: { agent: async (tx, id, { clock }) => void (await erase(tx, id, clock.now())) },
  errors: agentsError.table,
  jobs: agentsJobs,
  schedules: agentsSchedules,
  seed,
  handlers: {
    listAgents,
    createAgent,
    readAgent,
    changeAgent,
    deactivateAgent,
    reactivateAgent,
    eraseAgent,
    putAgent,
    pushAgents,
    importAgents,
    readImport,
    listRejectedRows,
    exportAgents,
    listChanges,
    authorise,
    changeAuthorisation,
    withdrawAuthorisation,
    assign,
    withdrawAssignment,
    listBranches,
    createBranch,
    putBranch,
    changeBranch,
    listTeams,
    createTeam,
    putTeam,
    changeTeam,
    listProducts,
    createProduct,
    putProduct,
    changeProduct,
  },
});
