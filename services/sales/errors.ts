/** What can be wrong with a sale or a target. */
import { errorsOf } from '@moonbase/http/errors';

export const salesError = errorsOf({
  beyond_reach: {
    status: 403,
    message: 'The sale belongs to an agent, team or branch beyond yours.',
    remedy: 'Record sales of your own team or branch, or ask an administrator.',
  },
  agent_unknown: {
    status: 422,
    message: 'No agent has this code.',
    remedy: 'Check the code, or add the agent: a waiting sale is taken in by itself once the agent is there.',
  },
  agent_inactive: {
    status: 422,
    message: 'The agent was not active on the day of the sale.',
    remedy: 'Name another agent or day, or reactivate the agent; then the sale is tried again.',
  },
  agent_missing: {
    status: 422,
    message: 'The sale names no agent, or both an agent and shares.',
    remedy: 'Give either "agent" or "shares".',
  },
  product_unknown: {
    status: 422,
    message: 'No product has this code.',
    remedy: 'Check the code, or add the product; then the sale is tried again.',
  },
  product_not_authorised: {
    status: 422,
    message: 'The agent was not authorised to sell this product on the day of the sale.',
    remedy: 'Authorise the agent from that day on, or correct product, agent or day.',
  },
  branch_unknown: {
    status: 422,
    message: 'No branch has this code.',
    remedy: "Check the code, or leave the branch out: then it is the agent's on that day.",
  },
  amount_impossible: {
    status: 422,
    message: 'The amount is not above zero, or too large.',
    remedy:
      'Send an amount above 0 and up to 999999999999.9999; cancel a sale instead of recording a negative one.',
  },
  currency_unknown: {
    status: 422,
    message: 'This is not a currency of ISO 4217.',
    remedy: 'Send its three-letter code, as "USD".',
  },
  date_impossible: {
    status: 422,
    message: 'The sale is dated before 1990, more than a day ahead, or on a day that does not exist.',
    remedy: 'Correct the date.',
  },
  shares_impossible: {
    status: 422,
    message: 'The shares do not add up to 100 percent, or an agent is named twice.',
    remedy: 'Name each agent once, with percentages above 0 that add up to exactly 100.',
  },
  zone_unknown: {
    status: 422,
    message: 'This time zone is not known.',
    remedy: 'Send an IANA name, as "Asia/Colombo", or a time with its offset.',
  },
  sale_invalid: {
    status: 422,
    message: 'The row is not a sale.',
    remedy: 'Correct the field named beside it and send the row again.',
  },
  reference_conflict: {
    status: 409,
    message: 'A sale with this source and reference is there already, with other content.',
    remedy: 'Correct that sale, or send this one with its own reference.',
  },
  sale_unknown: {
    status: 404,
    message: 'There is no such sale.',
    remedy: 'Check its id, or find it in the list.',
  },
  sale_cancelled: {
    status: 409,
    message: 'The sale is cancelled.',
    remedy: 'A cancelled sale stays as it is; record it anew under another reference.',
  },
  revision_conflict: {
    status: 409,
    message: 'The sale was changed meanwhile.',
    remedy: 'Read it again and repeat the correction.',
  },
  rejected_unknown: {
    status: 404,
    message: 'There is no such rejected sale.',
    remedy: 'It may have been taken in meanwhile: look for its reference among the sales.',
  },
  upload_empty: { status: 400, message: 'The upload holds no rows.', remedy: 'Send a header line and rows.' },
  upload_columns: {
    status: 400,
    message: 'The header of the CSV lacks columns.',
    remedy:
      'Name the columns reference, agent, product, amount, soldAt in the first line; others are optional.',
  },
  upload_broken: {
    status: 400,
    message: 'The upload could not be read to its end.',
    remedy: 'Correct the line named and send the file again: rows that were taken in are not doubled.',
  },
  target_unknown: {
    status: 404,
    message: 'There is no such target.',
    remedy: 'Find it in the list of targets.',
  },
  target_subject_unknown: {
    status: 422,
    message: 'The agent, team, branch or product of the target is not known.',
    remedy: 'Choose one from the list.',
  },
  target_impossible: {
    status: 422,
    message: 'The target cannot be counted.',
    remedy:
      'Give a value above 0, a currency for an amount and none for a count, and a subject id unless it is the company.',
  },
  mapping_impossible: {
    status: 400,
    message: 'The mapping does not fit the file.',
    remedy: 'Correct the field of the mapping that is named.',
  },
  option_impossible: {
    status: 400,
    message: 'The command cannot be run so.',
    remedy: 'See --help.',
  },
  source_unreachable: {
    status: 503,
    message: 'The source could not be read to its end.',
    remedy: 'See that it runs, then run the import again: it continues without doubling.',
  },
});

export type SalesErrorCode = keyof typeof salesError.table;
