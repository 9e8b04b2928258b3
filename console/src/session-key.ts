/** Where the query client keeps the session. */
export const sessionKey = ['session'] as const;
