/** For tests: an authority of one's own and certificates of it, made by openssl. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  /** Files in PEM. */
  cert: string;
  key: string;
}

export interface Authority {
  /** File of its own certificate. */
  ca: string;
  /** A certificate for a host name. */
  issue(host: string): Certificate;
}

/** Makes an authority in a folder. */
export function makeAuthority(folder: string, name = 'authority'): Authority {
  const file = (ending: string) => join(folder, `${name}.${ending}`);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    ...['req', '-x509', ...newKey, '-days', '30', '-subj', `/CN=${name}`],
    ...['-keyout', file('key'), '-out', file('pem')],
  );
  return {
    ca: file('pem'),
    issue: (host) => {
      const of = (ending: string) => join(folder, `${name}-${host}.${ending}`);
      openssl('req', ...newKey, '-subj', `/CN=${host}`, '-keyout', of('key'), '-out', of('csr'));
      writeFileSync(of('ext'), `subjectAltName=DNS:${host}\n`);
      openssl(
        ...['x509', '-req', '-in', of('csr'), '-CA', file('pem'), '-CAkey', file('key'), '-CAcreateserial'],
        ...['-days', '30', '-extfile', of('ext'), '-out', of('pem')],
      );
      return { cert: of('pem'), key: of('key') };
    },
  };
}

/** The texts of a certificate's files. */
export function readCertificate({ cert, key }: Certificate): { cert: string; key: string } {
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}
