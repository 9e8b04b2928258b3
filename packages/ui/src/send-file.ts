/** Sends one file as the body of a POST. XMLHttpRequest, since fetch does not tell how much was sent. */
import { ApiError } from './calls.ts';

export interface Upload {
  /** The answer's JSON; undefined where it came as lines. Rejects with an ApiError. */
  answer: Promise<unknown>;
  cancel: () => void;
}

export function sendFile(
  url: string,
  file: Blob,
  options: {
    type: string;
    /** Bytes sent so far. */
    onProgress?: (sent: number) => void;
    /** One line of an NDJSON answer. */
    onLine?: (line: unknown) => void;
  },
): Upload {
  const request = new XMLHttpRequest();
  let read = 0;
  const readLines = (whole: boolean) => {
    const text = request.responseText;
    const end = whole ? text.length : text.lastIndexOf('\n') + 1;
    for (const line of text.slice(read, end).split('\n')) {
      if (line.trim() !== '') options.onLine?.(JSON.parse(line));
    }
    read = Math.max(read, end);
  };
  const answer = new Promise<unknown>((resolve, reject) => {
    request.open('POST', url);
    request.setRequestHeader('content-type', options.type);
    request.setRequestHeader('accept', 'application/json, application/x-ndjson');
    request.upload.onprogress = (event) => options.onProgress?.(event.loaded);
    request.onprogress = () => {
      if (inLines(request)) readLines(false);
    };
    request.onload = () => {
      try {
        if (request.status >= 400) return reject(errorOf(request));
        if (inLines(request)) {
          readLines(true);
          return resolve(undefined);
        }
        resolve(request.responseText === '' ? undefined : JSON.parse(request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.onerror = () =>
      reject(
        new ApiError({
          status: 0,
          code: 'unreachable',
          detail: 'The connection broke off while the file was being sent.',
          remedy: 'Send it again: what was taken in already is not taken in twice.',
        }),
      );
    request.onabort = () =>
      reject(new ApiError({ status: 0, code: 'cancelled', detail: 'Cancelled.', remedy: 'Send it again.' }));
    request.send(file);
  });
  return { answer, cancel: () => request.abort() };
}

function inLines(request: XMLHttpRequest): boolean {
  return request.status < 400 && (request.getResponseHeader('content-type') ?? '').includes('ndjson');
}

function errorOf(request: XMLHttpRequest): ApiError {
  try {
    return new ApiError(JSON.parse(request.responseText));
  } catch {
    return new ApiError({
      status: request.status,
      code: 'unexpected',
      detail: `The server answered ${request.status}.`,
      remedy: 'Try again.',
    });
  }
}
