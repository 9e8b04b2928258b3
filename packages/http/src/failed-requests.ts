/** Answers of 500 and above by this process, the latest last; enough of them to show on a page. */
export interface FailedRequest {
  at: Date;
  service: string;
  route: string;
  code: string;
  /** Of the problem document: never the error's own message, which may quote data. */
  message: string;
  requestId: string;
}

const KEPT = 50;

export const failedRequests: FailedRequest[] = [];

export function keepFailedRequest(failed: FailedRequest): void {
  failedRequests.push(failed);
  if (failedRequests.length > KEPT) failedRequests.shift();
}
