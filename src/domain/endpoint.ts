/** Which addresses the gateway calls: registered ones only, and never into a private network. */

/** Names that lead inside, whoever asks (RFC 6761, 6762, 8375, and the `internal` that clouds use). */
const insideName = /(?:^|\.)(?:localhost|local|internal|home\.arpa)$/

/** An address instead of a name. A URL parser has turned every odd spelling (octal, hex, one number) into this form. */
const address = /^\[|\.\d+$/

/**
 * Whether an endpoint may be called: HTTPS on a public name. Addresses are none, so no list of private ranges can be
 * incomplete. The sandbox also calls loopback over HTTP.
 */
export function mayCall(endpoint: string, sandbox: boolean): boolean {
  const url = URL.parse(endpoint)
  if (url === null || url.username !== '' || url.password !== '') return false
  if (sandbox && url.protocol === 'http:' && url.hostname === '127.0.0.1') return true
  return url.protocol === 'https:' && isPublicName(url.hostname.replace(/\.$/, ''))
}

const isPublicName = (host: string): boolean =>
  /^[^.]+(?:\.[^.]+)+$/.test(host) && !address.test(host) && !insideName.test(host)
