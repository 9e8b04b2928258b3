import { permissions, roles } from '@moonbase/identity';
import type { Handler } from '@moonbase/service';
import type { peopleApi } from '../api.ts';

const answer = {
  roles: Object.entries(roles).map(([name, { summary, may }]) => ({
    name,
    summary,
    permissions: Object.keys(may),
    scopes: may,
  })),
  permissions: Object.entries(permissions).map(([name, summary]) => ({ name, summary })),
};

/** The roles and permissions there are. */
export const listRoles: Handler<typeof peopleApi.listRoles> = async () => ({ status: 200, body: answer });
