/** What can be wrong with plans, statements and disputes. */
import { errorsOf } from '@moonbase/http/errors';

export const commissionsError = errorsOf({
  plan_unknown: { status: 404, message: 'There is no such plan.', remedy: 'Find it in the list of plans.' },
  plan_impossible: {
    status: 422,
    message: 'The plan cannot be computed with.',
    remedy: 'Correct the fields that are named.',
  },
  plan_before_beginning: {
    status: 409,
    message: 'The plan would begin before the first month that was closed.',
    remedy: 'Let it begin in that month or later: what is closed is not computed again.',
  },
  statement_unknown: {
    status: 404,
    message: 'There is no such statement.',
    remedy: 'Find it in the list of the month.',
  },
  month_not_over: {
    status: 409,
    message: 'The month is not over yet.',
    remedy: 'Close it from the first day of the next month on.',
  },
  no_plan_yet: {
    status: 409,
    message: 'There is no plan yet.',
    remedy: 'Make a plan first: commissions begin with the month of the first one.',
  },
  dispute_unknown: {
    status: 404,
    message: 'There is no such dispute.',
    remedy: 'Find it in the list of disputes.',
  },
  dispute_line_unknown: {
    status: 422,
    message: 'The statement has no such line.',
    remedy: 'Read the statement again: lines of an open one can move. Or dispute the whole statement.',
  },
  dispute_ended: {
    status: 409,
    message: 'The dispute was decided or withdrawn already.',
    remedy: 'Raise another one if there is something new.',
  },
  dispute_own: {
    status: 403,
    message: 'Nobody decides a dispute about their own pay, or one they raised.',
    remedy: 'Ask another manager to decide it.',
  },
  adjustment_impossible: {
    status: 422,
    message: 'The adjustment cannot be paid.',
    remedy: 'Give an amount other than zero, with no more digits than the currency has.',
  },
  currency_missing: {
    status: 422,
    message: 'It is not clear in which currency.',
    remedy: 'Name the currency: the statement has several, or none.',
  },
  product_unknown: {
    status: 422,
    message: 'There is no such product.',
    remedy: 'Choose one from the list of products.',
  },
  agent_missing: {
    status: 422,
    message: 'It is not said for which agent.',
    remedy: 'Name an agent: your account is not that of one.',
  },
});
