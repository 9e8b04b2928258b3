/** Every question that the dashboards ask, by name; each is told in the file of its group. */
import type { Question } from './features/question.ts';
import { agentQuestions } from './insights/agents.ts';
import { branchQuestions } from './insights/branches.ts';
import { notificationQuestions } from './insights/notifications.ts';
import { productQuestions } from './insights/products.ts';
import { salesQuestions } from './insights/sales.ts';
import { teamQuestions } from './insights/teams.ts';

export const questions: Readonly<Record<string, Question>> = {
  ...salesQuestions,
  ...teamQuestions,
  ...productQuestions,
  ...branchQuestions,
  ...agentQuestions,
  ...notificationQuestions,
};
