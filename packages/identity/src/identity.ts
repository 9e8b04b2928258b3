/** Who is asking and what may they do: principals, roles, sessions and keys, settings – the read side. */
export { type ConsentPurpose, consenting } from './consent.ts';
export { type Credentials, credentialsOf, SESSION_COOKIE, sessionCookie } from './credentials.ts';
export { digestOf, looksLikeKey, type NewKey, newKey, randomText } from './keys.ts';
export { ANONYMOUS, actorOf, can, type Principal, SYSTEM } from './principal.ts';
export { type Place, reachesOf, reachOf } from './reach.ts';
export { forgetRights, Identity, type IdentityOptions } from './resolve.ts';
export {
  grantsOf,
  isPermission,
  isRole,
  type Permission,
  permissions,
  permissionsOf,
  type Role,
  roles,
  type Scope,
  scopes,
} from './roles.ts';
export {
  type DeclaredSetting,
  declareSettings,
  forgetSettings,
  type Organisation,
  organisation,
  Settings,
  schemaOfSetting,
  unsetOrganisation,
} from './settings.ts';
