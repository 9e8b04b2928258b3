/** What can go wrong in agents, and what to do about it. */
import { errorsOf } from '@moonbase/http/errors';

export const agentsError = errorsOf({
  agent_unknown: {
    status: 404,
    message: 'There is no such agent.',
    remedy: 'Look the agent up by code; it may have been a different installation.',
  },
  agent_erased: {
    status: 409,
    message: 'The personal data of this agent was erased; the agent cannot be changed any more.',
    remedy: 'Add a new agent with another code.',
  },
  branch_unknown: { status: 404, message: 'There is no such branch.', remedy: 'Look the branch up by code.' },
  team_unknown: { status: 404, message: 'There is no such team.', remedy: 'Look the team up by name.' },
  product_unknown: {
    status: 404,
    message: 'There is no such product.',
    remedy: 'Look the product up by code.',
  },
  code_taken: {
    status: 409,
    message: 'The code is in use already.',
    remedy: 'Choose another code, or change the one that has it.',
  },
  name_taken: { status: 409, message: 'The name is in use already.', remedy: 'Choose another name.' },
  reference_unknown: {
    status: 422,
    message: 'Something that is referred to does not exist.',
    remedy: 'Correct the field named, or add what it refers to first.',
  },
  version_conflict: {
    status: 409,
    message: 'Somebody changed this meanwhile.',
    remedy: 'Read it again, and repeat your change with the new version.',
  },
  authorisations_overlap: {
    status: 422,
    message: 'Two authorisations for the same product overlap.',
    remedy: 'End the first one before the second begins.',
  },
  authorisation_unknown: {
    status: 404,
    message: 'The agent has no such authorisation.',
    remedy: 'Read the agent again: it may have been withdrawn meanwhile.',
  },
  range_reversed: {
    status: 422,
    message: 'The last day is before the first.',
    remedy: 'Exchange the days, or leave the last one out.',
  },
  assignment_unknown: {
    status: 404,
    message: 'No assignment begins on that day.',
    remedy: 'Read the agent again: it may have been withdrawn meanwhile.',
  },
  assignment_last: {
    status: 409,
    message: 'An agent belongs to a branch: the only assignment cannot be withdrawn.',
    remedy: 'Assign the agent elsewhere first.',
  },
  target_without_currency: {
    status: 422,
    message: 'A target amount needs its currency, and a currency its amount.',
    remedy: 'Send both or neither.',
  },
  row_rejected: {
    status: 422,
    message: 'The agent cannot be taken in.',
    remedy: 'Correct what faults names and send it again.',
  },
  csv_expected: {
    status: 415,
    message: 'The body is not CSV.',
    remedy: 'Send the file with Content-Type: text/csv.',
  },
  csv_columns: {
    status: 422,
    message: 'The first line does not name the columns that are needed.',
    remedy:
      'Separate columns by commas, semicolons or tabs; the needed ones are code, first_name, last_name and branch.',
  },
  csv_unreadable: {
    status: 422,
    message: 'The file cannot be read any further.',
    remedy: 'Correct the line named and send the file again: rows that landed will not be doubled.',
  },
  import_unknown: { status: 404, message: 'There is no such import.', remedy: 'Look the import up again.' },
  import_known: {
    status: 409,
    message: 'An import with this id was made already.',
    remedy: 'Send a new id for a new import.',
  },
});
