/** Sends a file: dropped or chosen, with progress, cancel, and what the server says about it. */
import { Button, Progress } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { ApiError } from './calls.ts';
import classes from './file-drop.module.css';
import { sendFile, type Upload } from './send-file.ts';
import { ErrorState } from './states.tsx';
import { useFormats } from './values.tsx';

export interface FileDropProps<Answer = unknown> {
  /** Where it goes, with its query: `/api/sales/upload?source=hq`; a function where that depends on the file. */
  url: string | ((file: File) => string);
  /** As of an input: `.csv,.ndjson`. */
  accept?: string;
  label: ReactNode;
  hint?: ReactNode;
  /** Content type by file; guessed from the name unless given. */
  typeOf?: (file: File) => string;
  /** One line of an answer in NDJSON, as it arrives. */
  onLine?: (line: unknown) => void;
  onStart?: (file: File) => void;
  /** The whole answer: its JSON, or undefined where it came in lines. */
  onDone: (answer: Answer, file: File) => void;
}

export function FileDrop<Answer = unknown>(props: FileDropProps<Answer>) {
  const { url, accept, label, hint, typeOf = guessType, onLine, onStart, onDone } = props;
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState<{ file: File; sent: number } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const upload = useRef<Upload>(undefined);
  const input = useRef<HTMLInputElement>(null);
  const formats = useFormats();
  useEffect(() => () => upload.current?.cancel(), []);

  const start = async (file: File | undefined) => {
    if (!file || sending) return;
    setError(null);
    setSending({ file, sent: 0 });
    onStart?.(file);
    upload.current = sendFile(typeof url === 'string' ? url : url(file), file, {
      type: typeOf(file),
      onProgress: (sent) => setSending({ file, sent }),
      onLine,
    });
    try {
      onDone((await upload.current.answer) as Answer, file);
    } catch (caught) {
      if (!(caught instanceof ApiError && caught.code === 'cancelled')) setError(caught);
    } finally {
      setSending(null);
      if (input.current) input.current.value = '';
    }
  };

  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void start(event.dataTransfer.files[0]);
  };

  if (sending) {
    const { file, sent } = sending;
    const ratio = file.size > 0 ? sent / file.size : 1;
    return (
      <div className={classes.drop} data-busy>
        <div className={classes.sending}>
          <div className={classes.row}>
            <strong>{file.name}</strong>
            <span className="mb-number">
              {ratio < 1 ? `${formats.bytes(sent)} of ${formats.bytes(file.size)}` : 'Sent, being read …'}
            </span>
          </div>
          <Progress value={ratio * 100} size="sm" animated={ratio >= 1} aria-label={`Sending ${file.name}`} />
          <Button variant="default" size="xs" onClick={() => upload.current?.cancel()}>
            Cancel
          </Button>
        </div>
      </div>
    );
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside is the first. */}
      <div
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <IconFileUpload size={22} stroke={1.5} aria-hidden="true" />
        <div>
          <div className={classes.label}>{label}</div>
          <div className={classes.hint}>
            Drop it here, or{' '}
            <button type="button" onClick={() => input.current?.click()}>
              choose a file
            </button>
            {hint && <> · {hint}</>}
          </div>
        </div>
        <input
          ref={input}
          type="file"
          accept={accept}
          hidden
          aria-label={typeof label === 'string' ? label : 'File'}
          onChange={(event) => void start(event.currentTarget.files?.[0])}
        />
      </div>
      {error !== null && <ErrorState error={error} />}
      {error instanceof ApiError && error.faults.length > 0 && (
        <ul className={classes.faults}>
          {error.faults.map((fault) => (
            <li key={fault.at + fault.message}>
              <code>{fault.at}</code> {fault.message}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function guessType(file: File): string {
  const types: Record<string, string> = {
    csv: 'text/csv',
    ndjson: 'application/x-ndjson',
    jsonl: 'application/x-ndjson',
    json: 'application/json',
  };
  const ending = file.name.split('.').at(-1)?.toLowerCase() ?? '';
  return types[ending] ?? (file.type || 'application/octet-stream');
}
