/** People: who may come in and what they may do; API keys; settings. */
import { organisation, unsetOrganisation } from '@moonbase/identity';
import { defineService } from '@moonbase/service';
import { peopleApi } from './api.ts';
import { keyCommand, passwordCommand } from './commands.ts';
import { peopleError } from './errors.ts';
import { peopleChanged, peopleErased, peopleSignedIn } from './events.ts';
import { sealAuthenticationSecret } from './features/authentication.ts';
import { changePassword, resetPassword } from './features/change-password.ts';
import { changePerson } from './features/change-person.ts';
import { createPerson } from './features/create-person.ts';
import { erasePerson, eraseWithRights } from './features/erase-person.ts';
import { findPersonSubjects } from './features/find-person-subjects.ts';
import { createKeyHandler, listKeys, revokeKey } from './features/keep-keys.ts';
import { changeSetting, listSettings } from './features/keep-settings.ts';
import { listPeople, readPerson } from './features/list-people.ts';
import { listRoles } from './features/list-roles.ts';
import { endSession, endSessionsOf, listSessions } from './features/list-sessions.ts';
import { changeProfile, readSession } from './features/read-session.ts';
import { signIn, signOut } from './features/sign-in.ts';
import { peopleJobs, peopleSchedules } from './jobs.ts';
import { peopleReactions } from './reactions.ts';
import { peoplePersonal } from './schema.ts';
import { seed } from './seed.ts';

export const people = defineService({
  name: 'people',
  title: 'People',
  migrations: new URL('./migrations/', import.meta.url),
  api: peopleApi,
  events: [peopleChanged, peopleErased, peopleSignedIn],
  personal: peoplePersonal,
  findSubjects: findPersonSubjects,
  erase: { person: eraseWithRights },
  errors: peopleError.table,
  reactions: peopleReactions,
  jobs: peopleJobs,
  schedules: peopleSchedules,
  settings: {
    organisation: { title: 'Organisation', schema: organisation, default: unsetOrganisation },
  },
  commands: [keyCommand, passwordCommand],
  seed,
  start: sealAuthenticationSecret,
  handlers: {
    signIn,
    readSession,
    changeProfile,
    signOut,
    changePassword,
    listSessions,
    endSession,
    listPeople,
    createPerson,
    readPerson,
    changePerson,
    erasePerson,
    resetPassword,
    endSessionsOf,
    listRoles,
    listKeys,
    createKey: createKeyHandler,
    revokeKey,
    listSettings,
    changeSetting,
  },
});
