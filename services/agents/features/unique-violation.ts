/** Whether PostgreSQL refused a row because its code or name is taken. */
export function isTaken(error: unknown): boolean {
  return (error as { code?: string }).code === '23505';
}
