/** Notifications: what people and systems are told, over which channel, and whether it arrived. */
import { defineService } from '@moonbase/service';
import { notificationsApi } from './api.ts';
import { notificationsError } from './errors.ts';
import { notificationsEvents } from './events.ts';
import { importNotifications } from './features/import-notifications.ts';
import {
  addEndpoint,
  changeEndpoint,
  listEndpoints,
  removeEndpoint,
  renewSecret,
  sealEndpointSecrets,
} from './features/keep-endpoints.ts';
import { readPreferences, setPreferences } from './features/keep-preferences.ts';
import { listTemplates, previewTemplate, putTemplate, resetTemplate } from './features/keep-templates.ts';
import { countDeliveries, listDeliveries, readDelivery } from './features/list-deliveries.ts';
import { listInbox, markAllRead, markRead } from './features/list-inbox.ts';
import { listOutbox } from './features/list-outbox.ts';
import { retry, retryFailed } from './features/retry-failed.ts';
import { sendMessage } from './features/send-message.ts';
import { notificationsJobs, notificationsSchedules } from './jobs.ts';
import { notificationsReactions } from './reactions.ts';
import { notificationsPersonal, notificationsPurposes } from './schema.ts';
import { webhookSetting } from './settings.ts';

export const notifications = defineService({
  name: 'notifications',
  title: 'Notifications',
  migrations: new URL('./migrations/', import.meta.url),
  api: notificationsApi,
  events: notificationsEvents,
  personal: notificationsPersonal,
  purposes: notificationsPurposes,
  errors: notificationsError.table,
  reactions: notificationsReactions,
  jobs: notificationsJobs,
  schedules: notificationsSchedules,
  settings: { webhooks: webhookSetting },
  start: sealEndpointSecrets,
  handlers: {
    listInbox,
    markRead,
    markAllRead,
    readPreferences,
    setPreferences,
    listDeliveries,
    readDelivery,
    countDeliveries,
    sendMessage,
    importNotifications,
    retry,
    retryFailed,
    listTemplates,
    putTemplate,
    resetTemplate,
    previewTemplate,
    listEndpoints,
    addEndpoint,
    changeEndpoint,
    renewSecret,
    removeEndpoint,
    listOutbox,
  },
});
