/** The privacy notice, for everybody: in plain words, from the register and what the organisation says. */
import { privacyApi } from '@moonbase/service/privacy-api';
import { ErrorState, useRead, When, wordOf } from '@moonbase/ui';
import type { z } from 'zod';
import { Moon } from '../shell/moon.tsx';
import classes from './privacy-notice.module.css';

type Notice = z.output<(typeof privacyApi.readNotice.responses)[200]>;

const people = [
  ['person', 'People who work with Moonbase'],
  ['agent', 'Agents'],
  ['policyholder', 'Policyholders'],
] as const;

export default function PrivacyNotice() {
  const notice = useRead(privacyApi.readNotice);
  return (
    <main className={classes.page}>
      <title>Privacy notice · Moonbase</title>
      <Moon size={32} />
      <h1>Privacy notice</h1>
      {notice.error && <ErrorState error={notice.error} onRetry={() => void notice.refetch()} />}
      {notice.isPending && <p aria-busy="true">Loading…</p>}
      {notice.data && <Text notice={notice.data} />}
      <p>
        <a href="/">Back to Moonbase</a>
      </p>
    </main>
  );
}

function Text({ notice: { content, processing, purposes, version, publishedAt } }: { notice: Notice }) {
  return (
    <>
      <p className={classes.quiet}>
        Version {version}
        {publishedAt && (
          <>
            , published <When at={publishedAt} exact />
          </>
        )}
      </p>
      <h2>Who is responsible</h2>
      <p>
        {content.controller} decides what your data are used for.
        {content.address && ` ${content.address}.`} Contact: {content.contact}.
        {content.officer && ` Data protection officer: ${content.officer}.`}
        {content.officerContact && ` ${content.officerContact}.`}
      </p>
      {content.text && <p className={classes.text}>{content.text}</p>}
      <h2>What is processed, why, and how long</h2>
      {people.map(([kind, title]) => (
        <section key={kind}>
          <h3>{title}</h3>
          <ul>
            {unique(processing.filter(({ whose }) => whose.includes(kind))).map(
              ({ purpose, basis, kept }) => (
                <li key={purpose}>
                  {purpose}. Basis: {basis}. Kept: {kept}.
                </li>
              ),
            )}
          </ul>
        </section>
      ))}
      <p>
        Figures and exports for analysis know people by random numbers only. Personal data are not sold, and
        no decision about you is made by a machine alone.
      </p>
      {purposes.length > 0 && (
        <>
          <h2>What you may refuse</h2>
          <ul>
            {purposes.map(({ name, title, text, basis, refusable }) => (
              <li key={name}>
                <strong>{title}.</strong> {text} Basis: {wordOf(basis).toLowerCase()}.{' '}
                {refusable ? 'You can refuse it under Settings, My data.' : 'It cannot be refused.'}
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>Your rights</h2>
      <ul>
        <li>See your data and take them along: Settings, My data makes an archive.</li>
        <li>Have them corrected: your name under Settings, Profile; the rest by the contact above.</li>
        <li>Have them erased, or their use limited, and object to it: by the contact above.</li>
        <li>Take consent back at any time; what was done before stays lawful.</li>
        <li>Complain to the supervisory authority{content.authority && `: ${content.authority}`}.</li>
      </ul>
      <p className={classes.quiet}>
        Erased data are unreadable at once. Backups of the keys that read the event log are kept for a set
        time, 30 days unless the organisation chose another; then nobody can read what older backups of the
        log hold.
      </p>
    </>
  );
}

/** Several tables may serve the same purpose. */
function unique<T extends { purpose: string }>(entries: readonly T[]): T[] {
  return [...new Map(entries.map((entry) => [entry.purpose, entry])).values()];
}
