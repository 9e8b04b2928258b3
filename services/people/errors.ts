/** What can go wrong with people, sessions, keys and settings, and what to do about it. */
import { errorsOf } from '@moonbase/http/errors';

export const peopleError = errorsOf({
  sign_in_refused: {
    status: 401,
    message: 'The email address and the password do not belong together.',
    remedy: 'Check both. An administrator can set a new password.',
  },
  sign_in_slowed: {
    status: 429,
    message: 'There were too many wrong passwords.',
    remedy: 'Wait for the time that Retry-After names, then try again.',
  },
  not_a_person: {
    status: 403,
    message: 'This is for people; an API key is none.',
    remedy: 'Sign in with email and password.',
  },
  password_wrong: {
    status: 403,
    message: 'The current password is wrong.',
    remedy: 'Enter the password you signed in with.',
  },
  session_unknown: {
    status: 404,
    message: 'You have no such session.',
    remedy: 'It may have ended already; look at the list again.',
  },
  person_unknown: { status: 404, message: 'There is no such person.', remedy: 'Look the person up by name.' },
  email_taken: {
    status: 409,
    message: 'Another person has this email address.',
    remedy: 'Change that person, or use another address.',
  },
  agent_taken: {
    status: 409,
    message: 'Another active person is this agent already.',
    remedy: 'Take the agent from that person first.',
  },
  role_unknown: {
    status: 422,
    message: 'There is no such role.',
    remedy: 'Use the roles that GET /api/roles answers with.',
  },
  role_beyond_own: {
    status: 403,
    message: 'This person may, or would, do more than you may.',
    remedy: 'Ask an administrator to do it.',
  },
  last_administrator: {
    status: 409,
    message: 'This is the last active administrator.',
    remedy: 'Make someone else an administrator first.',
  },
  scope_unknown: {
    status: 422,
    message: 'There is no such permission.',
    remedy: 'Use the permissions that GET /api/roles answers with.',
  },
  scope_beyond_own: {
    status: 403,
    message: 'A key cannot have permissions that you do not have.',
    remedy: 'Leave them out, or ask an administrator.',
  },
  key_unknown: {
    status: 404,
    message: 'There is no such key.',
    remedy: 'Look at the list again; the key may have been revoked before.',
  },
  setting_unknown: {
    status: 404,
    message: 'There is no such setting.',
    remedy: 'Use the names that GET /api/settings answers with.',
  },
  setting_invalid: {
    status: 422,
    message: 'The value does not fit the setting.',
    remedy: 'Correct the fields named in faults.',
  },
});
