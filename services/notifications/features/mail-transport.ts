/**
 * How the mail server is spoken to. One on another machine must offer TLS, by `smtps://` or STARTTLS, with a
 * certificate of its name: mails hold names and addresses, and the sign-in of the server is a secret.
 */
import { hostsOf, isLoopback } from '@moonbase/data';
import type { SMTPTransportOptions } from 'nodemailer';

/** Parameters of an address that would take the demand back. */
const WEAKENING = /^(tls\..*|secure|ignoretls|requiretls|opportunistictls|host|port)$/i;

/**
 * @param url `smtp://` or `smtps://`, as SMTP_URL holds it
 * @param allowed hosts that may be spoken to in the clear, as MOON_ALLOW_PLAINTEXT holds them
 * @throws Error when the address itself turns TLS off
 */
export function mailTransport(url: string, allowed: string | undefined): SMTPTransportOptions {
  const { protocol, hostname, port, username, password, searchParams } = new URL(url);
  const secure = protocol === 'smtps:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const plain = isLoopback(host) || hostsOf(allowed).includes(host.toLowerCase());
  if (!plain && [...searchParams.keys()].some((name) => WEAKENING.test(name)))
    throw new Error('SMTP_URL turns off TLS or its checks: name the host in MOON_ALLOW_PLAINTEXT instead.');
  return {
    host,
    port: Number(port) || (secure ? 465 : 587),
    secure,
    requireTLS: !plain,
    tls: { minVersion: 'TLSv1.2' },
    ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    ...(searchParams.has('name') && { name: searchParams.get('name')! }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  };
}
