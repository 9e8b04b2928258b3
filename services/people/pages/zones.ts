/** The zones this browser knows, to choose from. */
export const zoneData = { id: 'zones', names: Intl.supportedValuesOf('timeZone') };
