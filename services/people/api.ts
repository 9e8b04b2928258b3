/** Every route of people on one screen. */
import type { Api } from '@moonbase/http';
import { z } from 'zod';
import * as shape from './schema.ts';

const byId = z.object({ id: z.uuid() });
const byName = z.object({ name: z.string().max(100) });
const nothing = z.null();

export const peopleApi = {
  signIn: {
    method: 'POST',
    path: '/session',
    summary: 'Sign in with email and password; sets the cookie of the session',
    allow: 'public',
    body: z.strictObject({ email: z.string().max(254), password: z.string().max(128) }),
    responses: { 200: shape.sessionView },
    errors: ['sign_in_refused', 'sign_in_slowed'],
    idempotency: false, // The answer carries a secret, which must not be kept to be repeated.
  },
  readSession: {
    method: 'GET',
    path: '/session',
    summary: 'Who is signed in, what they may, and the organisation',
    allow: 'signed-in',
    responses: { 200: shape.sessionView },
    errors: ['not_a_person'],
  },
  changeProfile: {
    method: 'PATCH',
    path: '/session',
    summary: 'Change one’s own name, time zone and language',
    allow: 'signed-in',
    body: z.strictObject({
      name: shape.personName.optional(),
      zone: shape.zone.nullish(),
      locale: shape.locale.nullish(),
    }),
    responses: { 200: shape.sessionView },
    errors: ['not_a_person'],
  },
  signOut: {
    method: 'DELETE',
    path: '/session',
    summary: 'End this session; also when it has ended already',
    allow: 'public',
    responses: { 204: nothing },
  },
  changePassword: {
    method: 'PUT',
    path: '/session/password',
    summary: 'Change one’s own password; ends all other sessions',
    allow: 'signed-in',
    body: z.strictObject({ current: z.string().max(128), next: shape.password }),
    responses: { 204: nothing },
    errors: ['not_a_person', 'password_wrong', 'sign_in_slowed'],
  },
  listSessions: {
    method: 'GET',
    path: '/sessions',
    summary: 'One’s own sessions, the last used first',
    allow: 'signed-in',
    responses: { 200: z.object({ items: z.array(shape.session) }) },
    errors: ['not_a_person'],
  },
  endSession: {
    method: 'DELETE',
    path: '/sessions/:id',
    summary: 'End one of one’s own sessions',
    allow: 'signed-in',
    params: byId,
    responses: { 204: nothing },
    errors: ['session_unknown'],
  },

  listPeople: {
    method: 'GET',
    path: '/people',
    summary: 'People by name, filtered',
    allow: 'people:read',
    query: z.strictObject({
      /** Part of a name or of an email address. */
      search: z.string().trim().max(100).optional(),
      role: shape.role.optional(),
      active: z.stringbool().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      /** `next` of the page before. */
      cursor: z.string().max(500).optional(),
    }),
    responses: { 200: z.object({ items: z.array(shape.person), next: z.string().nullable() }) },
    errors: ['cursor_invalid'],
  },
  createPerson: {
    method: 'POST',
    path: '/people',
    summary: 'Add a person, with a temporary password that is shown once',
    allow: 'people:write',
    body: z.strictObject({
      name: shape.personName,
      email: shape.email,
      roles: z.array(shape.role).max(10).default([]),
      agentId: z.uuid().nullish(),
      ...shape.led,
    }),
    responses: { 201: z.object({ person: shape.person, temporaryPassword: z.string() }) },
    errors: ['email_taken', 'agent_taken', 'role_unknown', 'role_beyond_own'],
    idempotency: false, // The answer carries a secret; a repeat is refused since the address is taken.
  },
  readPerson: {
    method: 'GET',
    path: '/people/:id',
    summary: 'One person',
    allow: 'people:read',
    params: byId,
    responses: { 200: shape.person },
    errors: ['person_unknown'],
  },
  changePerson: {
    method: 'PATCH',
    path: '/people/:id',
    summary: 'Change a person; deactivating ends their sessions',
    allow: 'people:write',
    params: byId,
    body: z.strictObject({
      name: shape.personName.optional(),
      email: shape.email.optional(),
      roles: z.array(shape.role).max(10).optional(),
      agentId: z.uuid().nullish(),
      ...shape.led,
      active: z.boolean().optional(),
    }),
    responses: { 200: shape.person },
    errors: [
      'person_unknown',
      'email_taken',
      'agent_taken',
      'role_unknown',
      'role_beyond_own',
      'last_administrator',
    ],
  },
  erasePerson: {
    method: 'DELETE',
    path: '/people/:id',
    summary: 'Erase a person’s data for good; what they did stays, without their name',
    allow: 'people:write',
    params: byId,
    responses: { 204: nothing },
    errors: ['person_unknown', 'role_beyond_own', 'last_administrator'],
  },
  resetPassword: {
    method: 'POST',
    path: '/people/:id/password',
    summary: 'Set a temporary password, shown once; ends their sessions',
    allow: 'people:write',
    params: byId,
    responses: { 200: z.object({ temporaryPassword: z.string() }) },
    errors: ['person_unknown', 'role_beyond_own'],
    idempotency: false, // The answer carries a secret; a repeat replaces it.
  },
  endSessionsOf: {
    method: 'DELETE',
    path: '/people/:id/sessions',
    summary: 'End all sessions of a person, at once',
    allow: 'people:write',
    params: byId,
    responses: { 204: nothing },
    errors: ['person_unknown', 'role_beyond_own'],
  },

  listRoles: {
    method: 'GET',
    path: '/roles',
    summary: 'The roles and permissions there are',
    allow: 'signed-in',
    responses: {
      200: z.object({
        roles: z.array(
          z.object({
            name: z.string(),
            summary: z.string(),
            permissions: z.array(z.string()) /** Whose rows each permission reaches. */,
            scopes: z.record(z.string(), z.enum(['own', 'team', 'branch', 'region', 'all'])),
          }),
        ),
        permissions: z.array(z.object({ name: z.string(), summary: z.string() })),
      }),
    },
  },
  listKeys: {
    method: 'GET',
    path: '/keys',
    summary: 'API keys, the newest first; never their secrets',
    allow: 'keys:write',
    responses: { 200: z.object({ items: z.array(shape.key) }) },
  },
  createKey: {
    method: 'POST',
    path: '/keys',
    summary: 'Create an API key for a core system; its secret is shown once',
    allow: 'keys:write',
    body: z.strictObject({
      name: shape.personName,
      scopes: z.array(shape.permission).min(1).max(40),
      /** Days until it expires; never when left out. */
      days: z.number().int().min(1).max(3650).nullish(),
    }),
    responses: { 201: z.object({ key: shape.key, secret: z.string() }) },
    errors: ['scope_unknown', 'scope_beyond_own'],
    idempotency: false, // The answer carries a secret, which must not be kept to be repeated.
  },
  revokeKey: {
    method: 'DELETE',
    path: '/keys/:id',
    summary: 'Revoke an API key, at once and for good',
    allow: 'keys:write',
    params: byId,
    responses: { 204: nothing },
    errors: ['key_unknown'],
  },

  listSettings: {
    method: 'GET',
    path: '/settings',
    summary: 'The settings of all services, with their values',
    allow: 'settings:read',
    responses: { 200: z.object({ items: z.array(shape.setting) }) },
  },
  changeSetting: {
    method: 'PUT',
    path: '/settings/:name',
    summary: 'Set a setting; null brings its default back',
    allow: 'settings:write',
    params: byName,
    body: z.strictObject({ value: z.unknown() }),
    responses: { 200: shape.setting },
    errors: ['setting_unknown', 'setting_invalid'],
  },
} as const satisfies Api;
