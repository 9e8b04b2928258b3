/** What a command says when it can't go on: one line with what is wrong and what to do, exit code 1. */

/** A failure that was foreseen. */
export class Failure extends Error {
  readonly remedy: string;

  /** Both are whole sentences. */
  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Failure';
    this.remedy = remedy;
  }
}

/** The line for any error: those with a remedy say it, others are faults of ours. */
export function describeFailure(error: unknown): string {
  const { message, remedy } = error as { message?: string; remedy?: string };
  // Ours say what they mean, over several lines where a tool's output belongs to it; others are held to one.
  const whole = message ?? String(error);
  const text = error instanceof Failure ? whole : whole.replaceAll(/\s*\n\s*/g, ' ');
  return remedy ? `moon: ${text} ${remedy}` : `moon: ${text} (MOON_DEBUG=1 shows where.)`;
}
