/** What people may set about anomalies. */
import { z } from 'zod';

const hour = z.int().min(0).max(24);

/** When the organisation works, in its own zone: exports then are nothing unusual. */
export const businessHoursSetting = {
  title: 'Business hours',
  schema: z
    .strictObject({
      from: hour,
      to: hour,
      /** 1 is Monday, 7 is Sunday. */
      days: z.array(z.int().min(1).max(7)).min(1).max(7),
    })
    .refine(({ from, to }) => from < to, 'The day begins before it ends.'),
  default: { from: 7, to: 20, days: [1, 2, 3, 4, 5, 6] },
};
