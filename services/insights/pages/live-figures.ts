/** Which events move what the pages show, and the consumers that must have handled them before it is read. */
export const figureEvents = [
  'sales.recorded',
  'sales.corrected',
  'sales.cancelled',
  'sales.deleted',
] as const;
export const notificationEvents = ['notifications.changed'] as const;
export const figuresConsumer = 'insights.figures';
