/** Anomalies: what looks unusual, why, and whether it was. */
import { defineService } from '@moonbase/service';
import { anomaliesApi } from './api.ts';
import { anomaliesError } from './errors.ts';
import { anomaliesEvents } from './events.ts';
import { judgeAnomaly } from './features/judge-anomaly.ts';
import { changeDetector, listDetectors, resetDetector } from './features/keep-detectors.ts';
import { countAnomalies, listAnomalies, readAnomaly } from './features/list-anomalies.ts';
import { sealPlacesKey } from './features/watch-sign-ins.ts';
import { anomaliesReactions } from './reactions.ts';
import { anomaliesPersonal } from './schema.ts';
import { businessHoursSetting } from './settings.ts';

export const anomalies = defineService({
  name: 'anomalies',
  title: 'Anomalies',
  migrations: new URL('./migrations/', import.meta.url),
  api: anomaliesApi,
  events: anomaliesEvents,
  errors: anomaliesError.table,
  reactions: anomaliesReactions,
  settings: { 'business-hours': businessHoursSetting },
  start: sealPlacesKey,
  personal: anomaliesPersonal,
  handlers: {
    listAnomalies,
    countAnomalies,
    readAnomaly,
    judgeAnomaly,
    listDetectors,
    changeDetector,
    resetDetector,
  },
});
