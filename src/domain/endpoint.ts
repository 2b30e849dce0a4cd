/** Which addresses the gateway calls: registered ones only, and never into a private network. */

/** Hosts that are the gateway's own inside or nobody's (RFC 1918, 3927, 4193, 4291, 6598, 6761, 6762). */
const privateHost =
  /^(?:localhost|.*\.(?:localhost|local|internal|home\.arpa)|0\.|10\.|127\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|2(?:2[4-9]|[3-5]\d)\.|\[)/

/**
 * Whether an endpoint may be called: HTTPS on a public name. The sandbox also calls loopback over HTTP.
 * A URL parser has already turned odd spellings of addresses (octal, hex, one number) into dotted form.
 */
export function mayCall(endpoint: string, sandbox: boolean): boolean {
  const url = URL.parse(endpoint)
  if (url === null || url.username !== '' || url.password !== '') return false
  if (sandbox && url.protocol === 'http:' && url.hostname === '127.0.0.1') return true
  const host = url.hostname.replace(/\.$/, '')
  return url.protocol === 'https:' && host.includes('.') && !privateHost.test(host)
}
