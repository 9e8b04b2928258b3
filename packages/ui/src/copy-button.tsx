/** Copies a value; also where the page is not served over TLS and the clipboard's API is missing. */

import { ActionIcon } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Hint } from './hint.tsx';

export function CopyButton({ value, label = 'Copy' }: { value: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Hint label={copied ? 'Copied' : label}>
      <ActionIcon
        size="xs"
        style={{ verticalAlign: 'middle' }}
        aria-label={copied ? 'Copied' : label}
        onClick={(event) => {
          event.stopPropagation();
          void copyText(value).then(setCopied);
        }}
      >
        {copied ? <IconCheck size={14} color="var(--mb-good)" /> : <IconCopy size={14} />}
      </ActionIcon>
    </Hint>
  );
}

/** Puts text on the clipboard; false where the browser does not let it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
