/** What can be wrong with a request about anomalies. */
import { errorsOf } from '@moonbase/http/errors';

export const anomaliesError = errorsOf({
  anomaly_unknown: {
    status: 404,
    message: 'There is no such anomaly, or you may not see it.',
    remedy: 'Find it in the list of anomalies.',
  },
  anomaly_own: {
    status: 403,
    message: 'Nobody judges what is about themselves.',
    remedy: 'Leave it to somebody else who may see it.',
  },
  day_order: {
    status: 422,
    message: 'The period ends before it begins.',
    remedy: 'Give a "from" that is not after "to".',
  },
});
