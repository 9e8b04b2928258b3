/** One agent: who, where, what they may sell, how they do, and what changed. */
import { Anchor, Button, Menu, Stack } from '@mantine/core';
import {
  Columns,
  ConfirmDialog,
  Day,
  ErrorState,
  Facts,
  Link,
  Page,
  Panel,
  StatusBadge,
  useAct,
  useCan,
  useLiveReload,
  usePathParams,
  useRead,
} from '@moonbase/ui';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { agentsApi } from '../api.ts';
import type { Agent } from '../schema.ts';
import { AgentAssignments } from './agent-assignments.tsx';
import { AgentAuthorisations } from './agent-authorisations.tsx';
import { AgentDetailsForm } from './agent-form.tsx';
import { AgentHistory } from './agent-history.tsx';
import { AgentSales, AgentTargets } from './agent-sales.tsx';
import { nameOf, useReference } from './reference.ts';

const crumbs = [{ title: 'Agents', to: '/agents' }];
const touched = [agentsApi.readAgent, agentsApi.listAgents, agentsApi.listChanges];

export default function AgentPage() {
  const { id = '' } = usePathParams();
  const read = useRead(agentsApi.readAgent, { params: { id } });
  useLiveReload(['agents.changed', 'agents.erased'], [agentsApi.readAgent, agentsApi.listChanges]);
  if (read.data) return <Profile agent={read.data} />;
  return (
    <Page title="Agent" crumbs={crumbs}>
      {read.error && <ErrorState error={read.error} onRetry={() => void read.refetch()} />}
    </Page>
  );
}

function Profile({ agent }: { agent: Agent }) {
  const mayWrite = useCan('agents:write') && !agent.erased;
  const maySeeSales = useCan('sales:read');
  const maySeeTargets = useCan('targets:read');
  return (
    <Page
      title={nameOf(agent)}
      crumbs={crumbs}
      mark={<StatusBadge status={agent.erased ? 'erased' : agent.status} />}
      actions={mayWrite && <Actions agent={agent} />}
    >
      <Columns split="2:1">
        <Stack>
          {maySeeTargets && <AgentTargets agentId={agent.id} />}
          {maySeeSales && <AgentSales agentId={agent.id} />}
          <AgentHistory agentId={agent.id} />
        </Stack>
        <Stack>
          <Details agent={agent} />
          <AgentAuthorisations agent={agent} mayWrite={mayWrite} />
          <AgentAssignments agent={agent} mayWrite={mayWrite} />
        </Stack>
      </Columns>
    </Page>
  );
}

function Details({ agent }: { agent: Agent }) {
  const { branches, teams } = useReference();
  const branch = branches.get(agent.branchId);
  const seesStatements = useCan('commissions:read');
  return (
    <Panel title="Details">
      <Facts
        rows={[
          ['Code', agent.code],
          ['Branch', branch && `${branch.name}, ${branch.region}`],
          ['Team', agent.teamId && teams.get(agent.teamId)?.name],
          [
            'Email',
            agent.email && (
              <Anchor inherit href={`mailto:${agent.email}`}>
                {agent.email}
              </Anchor>
            ),
          ],
          [
            'Contact',
            agent.contact && (
              <Anchor inherit href={`tel:${agent.contact.replaceAll(' ', '')}`}>
                {agent.contact}
              </Anchor>
            ),
          ],
          ['Hired', agent.hireDate && <Day value={agent.hireDate} />],
          [
            'Commissions',
            seesStatements && (
              <Anchor inherit component={Link} to={`/commissions?month=all&agentId=${agent.id}`}>
                Statements
              </Anchor>
            ),
          ],
        ]}
      />
    </Panel>
  );
}

function Actions({ agent }: { agent: Agent }) {
  const [open, setOpen] = useState<'details' | 'deactivate' | 'erase' | null>(null);
  const deactivate = useAct(agentsApi.deactivateAgent, { invalidates: touched, quiet: true });
  const reactivate = useAct(agentsApi.reactivateAgent, { invalidates: touched, success: 'Active again' });
  const erase = useAct(agentsApi.eraseAgent, { invalidates: touched, quiet: true });
  const mayErase = useCan('privacy:write');
  const params = { id: agent.id };
  const close = () => setOpen(null);
  const name = nameOf(agent);
  return (
    <>
      <Button variant="default" onClick={() => setOpen('details')}>
        Change details
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px={8} aria-label="More">
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {agent.status === 'active' ? (
            <Menu.Item onClick={() => setOpen('deactivate')}>Deactivate …</Menu.Item>
          ) : (
            <Menu.Item onClick={() => reactivate.mutate({ params, body: { version: agent.version } })}>
              Activate again
            </Menu.Item>
          )}
          {mayErase && (
            <Menu.Item color="red" onClick={() => setOpen('erase')}>
              Erase personal data …
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <AgentDetailsForm agent={agent} opened={open === 'details'} onClose={close} />
      <ConfirmDialog
        opened={open === 'deactivate'}
        onClose={close}
        title={`Deactivate ${name}?`}
        confirmLabel="Deactivate"
        danger
        reason
        onConfirm={(reason) => deactivate.mutateAsync({ params, body: { version: agent.version, reason } })}
      >
        From now on sales of this agent are rejected. What was sold stays, and the agent can be activated
        again.
      </ConfirmDialog>
      <ConfirmDialog
        opened={open === 'erase'}
        onClose={close}
        title={`Erase ${name}?`}
        confirmLabel="Erase for good"
        danger
        typed={agent.code}
        onConfirm={() => erase.mutateAsync({ params })}
      >
        Names, email and contact are removed here and everywhere else, for good. Sales and figures stay, under
        the code {agent.code}.
      </ConfirmDialog>
    </>
  );
}
