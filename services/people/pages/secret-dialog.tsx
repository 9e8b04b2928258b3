/** Shows what is shown once. */
import { Button, Modal, Stack, Text } from '@mantine/core';
import { CodeBlock } from '@moonbase/ui';
import type { ReactNode } from 'react';

export interface Secret {
  title: string;
  value: string;
  text: ReactNode;
}

export function SecretDialog({ secret, onClose }: { secret: Secret | null; onClose: () => void }) {
  return (
    <Modal
      opened={secret !== null}
      onClose={onClose}
      title={secret?.title}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {secret && (
        <Stack gap="md">
          <Text size="sm">{secret.text}</Text>
          <CodeBlock code={secret.value} />
          <Text size="sm">It is not shown again.</Text>
          <Button onClick={onClose}>I have kept it</Button>
        </Stack>
      )}
    </Modal>
  );
}
