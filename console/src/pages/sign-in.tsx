import { Button, PasswordInput, TextInput } from '@mantine/core';
import type { ApiError } from '@moonbase/ui/calls.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { signIn } from '../session.ts';
import { sessionKey } from '../session-key.ts';
import { Moon } from '../shell/moon.tsx';
import classes from './sign-in.module.css';

export default function SignIn() {
  const { to } = useSearch({ strict: false }) as { to?: string };
  const router = useRouter();
  const client = useQueryClient();
  const [error, setError] = useState<ApiError>();
  const [missing, setMissing] = useState<{ email?: string; password?: string }>({});
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const email = String(fields.get('email')).trim();
    const password = String(fields.get('password'));
    const form = event.currentTarget;
    setError(undefined);
    setMissing({
      email: email === '' ? 'Your email address is needed.' : undefined,
      password: password === '' ? 'Your password is needed.' : undefined,
    });
    if (email === '' || password === '') {
      form.querySelector<HTMLInputElement>(`[name=${email === '' ? 'email' : 'password'}]`)?.focus();
      return;
    }
    setBusy(true);
    try {
      const session = await signIn(email, password);
      client.clear();
      client.setQueryData(sessionKey, session);
      await router.navigate({ href: insideOf(to), replace: true });
    } catch (caught) {
      setError(caught as ApiError);
      setBusy(false);
      form.querySelector<HTMLInputElement>('[name=password]')?.select();
    }
  };

  return (
    <main className={classes.page}>
      <title>Sign in · Moonbase</title>
      <div className={classes.sky} aria-hidden="true" />
      <form className={classes.card} onSubmit={submit} noValidate aria-labelledby="sign-in-title">
        <Moon size={36} />
        <h1 className={classes.title} id="sign-in-title">
          Sign in to Moonbase
        </h1>
        <p className={classes.lead}>
          {to ? 'Sign in to go on where you were.' : 'Agents, sales and targets, live.'}
        </p>
        {error && (
          <div className={classes.error} role="alert">
            <strong>{error.message}</strong> {error.remedy}
          </div>
        )}
        <TextInput
          label="Email"
          name="email"
          type="email"
          autoComplete="username"
          autoFocus
          size="md"
          error={missing.email}
          spellCheck={false}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          size="md"
          error={missing.password}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
        />
        <Button type="submit" size="md" fullWidth loading={busy} mt={4}>
          Sign in
        </Button>
        <p className={classes.foot}>Forgot it? An administrator can set a temporary one.</p>
        <p className={classes.foot}>
          <a href="/privacy">Privacy notice</a>
        </p>
      </form>
    </main>
  );
}

/** Only addresses of this console are gone to. */
function insideOf(to: string | undefined): string {
  return to?.startsWith('/') && !to.startsWith('//') && !to.startsWith('/\\') ? to : '/';
}
