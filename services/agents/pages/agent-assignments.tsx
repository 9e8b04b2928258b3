/** Where an agent belonged from which day on, and where to they are moved. */
import { ActionIcon, Button, Select } from '@mantine/core';
import {
  Day,
  DayInput,
  FormDrawer,
  Panel,
  StatusBadge,
  todayIn,
  useAct,
  useOrganisation,
  useZodForm,
} from '@moonbase/ui';
import { IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { agentsApi } from '../api.ts';
import { type Agent, day } from '../schema.ts';
import classes from './agent.module.css';
import { useReference } from './reference.ts';

const touched = [agentsApi.readAgent, agentsApi.listAgents, agentsApi.listChanges];
const Move = z.object({
  from: day,
  branchId: z.uuid({ error: 'This is needed.' }),
  teamId: z.uuid().nullish(),
});

export function AgentAssignments({ agent, mayWrite }: { agent: Agent; mayWrite: boolean }) {
  const { branches, teams } = useReference();
  const today = todayIn(useOrganisation().zone);
  const [moving, setMoving] = useState(false);
  const withdraw = useAct(agentsApi.withdrawAssignment, {
    invalidates: touched,
    success: 'The assignment is withdrawn',
    undo: (_agent, { params }) => {
      const { branchId, teamId } = agent.assignments.find((each) => each.from === params.from)!;
      return assign.mutateAsync({ params: { id: agent.id }, body: { from: params.from, branchId, teamId } });
    },
  });
  const assign = useAct(agentsApi.assign, { invalidates: touched });
  const inForce = agent.assignments.findLast((each) => each.from <= today) ?? agent.assignments[0];
  return (
    <Panel
      title="Belongs to"
      flush
      actions={
        mayWrite && (
          <Button variant="subtle" size="compact-sm" onClick={() => setMoving(true)}>
            Move
          </Button>
        )
      }
    >
      <ul className={classes.list}>
        {agent.assignments.toReversed().map((each) => {
          const branch = branches.get(each.branchId);
          const team = each.teamId === null ? undefined : teams.get(each.teamId);
          return (
            <li key={each.from} className={classes.item}>
              <span>
                <strong>{[branch?.name, team?.name].filter(Boolean).join(' · ') || '…'}</strong>
                <span className={classes.detail}>
                  from <Day value={each.from} />
                </span>
              </span>
              {each === inForce && <StatusBadge status="active" label="Today" />}
              {each.from > today && <StatusBadge status="waiting" label="Later" />}
              {mayWrite && agent.assignments.length > 1 && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Withdraw the assignment to ${branch?.name}`}
                  onClick={() => withdraw.mutate({ params: { id: agent.id, from: each.from } })}
                >
                  <IconX size={15} />
                </ActionIcon>
              )}
            </li>
          );
        })}
      </ul>
      <MoveForm agent={agent} opened={moving} onClose={() => setMoving(false)} today={today} />
    </Panel>
  );
}

function MoveForm(props: { agent: Agent; opened: boolean; onClose: () => void; today: string }) {
  const { agent, opened, onClose, today } = props;
  const { branchOptions, teamOptions } = useReference();
  const move = useAct(agentsApi.assign, { invalidates: touched, success: 'Saved', quiet: true });
  const initial = { from: today, branchId: agent.branchId, teamId: agent.teamId ?? '' };
  const form = useZodForm(Move, {
    initial,
    submit: ({ from, branchId, teamId = null }) =>
      move.mutateAsync({
        params: { id: agent.id },
        body: { version: agent.version, from, branchId, teamId },
      }),
    onDone: onClose,
  });
  // Opened anew, it begins with what is there now.
  useEffect(() => form.reset(initial), [opened]);
  return (
    <FormDrawer
      title="Move to a branch and team"
      lead="Sales count where the agent belonged on their day: what was sold before stays where it is."
      opened={opened}
      onClose={onClose}
      form={form}
      submitLabel="Move"
    >
      <DayInput label="From" required {...form.field('from')} />
      <Select label="Branch" required searchable data={branchOptions ?? []} {...form.field('branchId')} />
      <Select label="Team" clearable searchable data={teamOptions ?? []} {...form.field('teamId')} />
    </FormDrawer>
  );
}
