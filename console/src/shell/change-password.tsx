import { PasswordInput } from '@mantine/core';
import { peopleApi } from '@moonbase/people/api.ts';
import { useAct } from '@moonbase/ui/acts.ts';
import { useZodForm } from '@moonbase/ui/form.tsx';
import { FormDrawer } from '@moonbase/ui/form-drawer.tsx';
import { useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { sessionKey } from '../session-key.ts';

const Change = z
  .object({
    current: z.string(),
    next: peopleApi.changePassword.body.shape.next,
    again: z.string(),
  })
  .refine(({ next, again }) => next === again, { path: ['again'], message: 'This is not the same.' });

/** One's own password; other sessions end. */
export default function ChangePassword({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const change = useAct(peopleApi.changePassword, {
    success: 'Password changed; your other sessions have ended',
    quiet: true,
  });
  const form = useZodForm(Change, {
    initial: { current: '', next: '', again: '' },
    submit: ({ current, next }) => change.mutateAsync({ body: { current, next } }),
    onDone: () => {
      void client.invalidateQueries({ queryKey: sessionKey });
      onClose();
    },
  });
  return (
    <FormDrawer title="Change password" opened onClose={onClose} form={form} submitLabel="Change" size={420}>
      <PasswordInput label="Password so far" autoComplete="current-password" {...form.field('current')} />
      <PasswordInput
        label="New password"
        description="At least 10 characters"
        autoComplete="new-password"
        {...form.field('next')}
      />
      <PasswordInput label="New password again" autoComplete="new-password" {...form.field('again')} />
    </FormDrawer>
  );
}
