/** The mark. */
export function Moon({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#1b2a5c" />
      <circle cx="16" cy="16" r="9" fill="#f4f6fb" />
      <circle cx="20.4" cy="13.4" r="7.4" fill="#1b2a5c" />
    </svg>
  );
}
