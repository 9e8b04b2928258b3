/** Who is looking, and at whose organisation: put there by the shell from `GET /api/session`. */
import { createContext, type ReactNode, useContext } from 'react';

export interface Viewer {
  id: string;
  name: string;
  email: string | null;
  roles: readonly string[];
  permissions: readonly string[];
  /** The agent that this person is, if any. */
  agentId: string | null;
  /** BCP 47; null: the browser's. */
  locale: string | null;
  /** IANA name; null: the browser's. */
  zone: string | null;
}

export interface Organisation {
  name: string;
  /** IANA name: the zone of business days. */
  zone: string;
  /** ISO 4217: the reporting currency. */
  currency: string;
}

interface Session {
  viewer: Viewer;
  organisation: Organisation;
}

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ children, ...session }: Session & { children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('This component needs a session: put it below SessionProvider.');
  return session;
}

export function useViewer(): Viewer {
  return useSession().viewer;
}

export function useOrganisation(): Organisation {
  return useSession().organisation;
}

/** Whether the viewer holds the permission. The server decides anyway; this is for what to show. */
export function useCan(permission: string): boolean {
  return useViewer().permissions.includes(permission);
}

export function Can({ permission, children }: { permission: string; children: ReactNode }) {
  return useCan(permission) ? children : null;
}
