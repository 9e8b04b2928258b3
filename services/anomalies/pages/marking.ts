/** Marking as right or wrong, with the way back on the toast. */
import { useAct, useApi } from '@moonbase/ui';
import { anomaliesApi } from '../api.ts';
import { statusWords } from './words.ts';

const invalidates = [
  anomaliesApi.listAnomalies,
  anomaliesApi.readAnomaly,
  anomaliesApi.countAnomalies,
  anomaliesApi.listDetectors,
];

export const anomalyChanges = ['anomalies.flagged', 'anomalies.judged'];

export function useMark() {
  const api = useApi(anomaliesApi);
  return useAct(anomaliesApi.judgeAnomaly, {
    invalidates,
    success: ({ status }) => (status === 'open' ? 'Open again' : statusWords[status]),
    undo: (output) => api.judgeAnomaly({ params: { id: output.id }, body: { status: 'open' } }),
  });
}
