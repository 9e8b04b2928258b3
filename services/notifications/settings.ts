/** What people may change about notifications on the settings page. */
import type { SettingDeclaration } from '@moonbase/service';
import { z } from 'zod';

const webhooks = z.strictObject({
  /** Machines of one's own network; unsafe where not everybody who signs in may reach them. */
  allowPrivateAddresses: z.boolean(),
});

export const webhookSetting: SettingDeclaration<typeof webhooks> = {
  title: 'Webhooks',
  schema: webhooks,
  default: { allowPrivateAddresses: false },
};
