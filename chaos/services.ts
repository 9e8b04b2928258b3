/** What every host under fire runs. */
import { agents } from '@moonbase/agents/service.ts';
import { insights } from '@moonbase/insights/service.ts';
import { notifications } from '@moonbase/notifications/service.ts';
import { people } from '@moonbase/people/service.ts';
import { sales } from '@moonbase/sales/service.ts';

export const services = [people, agents, sales, notifications, insights];
