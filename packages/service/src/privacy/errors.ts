/** What can go wrong with requests about personal data. */
import { errorsOf } from '@moonbase/http/errors';

export const privacyError = errorsOf({
  not_for_keys: {
    status: 403,
    message: 'This is for people; an API key is none.',
    remedy: 'Sign in with email and password.',
  },
  purpose_unknown: {
    status: 404,
    message: 'There is no such purpose.',
    remedy: 'Load the list of purposes again.',
  },
  purpose_changed: {
    status: 409,
    message: 'The text of this purpose has changed since you read it.',
    remedy: 'Read the present text, then say it again.',
  },
  purpose_needed: {
    status: 422,
    message: 'This purpose cannot be refused.',
    remedy: 'The privacy notice says on which basis it rests; the privacy officer answers objections.',
  },
  export_unknown: {
    status: 404,
    message: 'There is no such archive, or not any more.',
    remedy: 'Ask for a new one; an archive is kept for some days only.',
  },
  subject_kind_unknown: {
    status: 422,
    message: 'No service of this host owns data of this kind.',
    remedy: 'Ask the host that runs the service.',
  },
  rule_unknown: {
    status: 404,
    message: 'There is no such retention period.',
    remedy: 'Load the list again.',
  },
});
