/** Which addresses may be called: a member's endpoint must never lead into a private network. */
import { describe, expect, it } from 'vitest'
import { mayCall } from '../../src/domain/endpoint.ts'

const open = [
  'https://acquirer.example',
  'https://pay.acquirer.example:8443/cpg/v1',
  'https://acquirer.example.',
  'https://xn--fiqs8s.example',
  'https://10.example.com',
  'https://localhost.example.com',
  'https://internal.example.com',
  'https://notlocal.example',
]

// Each line: what kind of address, and spellings of it.
const closed: Readonly<Record<string, readonly string[]>> = {
  loopback: ['https://127.0.0.1', 'https://127.1', 'https://127.255.255.254', 'https://localhost'],
  'loopback by name': ['https://a.localhost', 'https://LOCALHOST', 'https://localhost.'],
  'this host': ['https://0.0.0.0', 'https://0', 'https://0.1.2.3'],
  'decimal, octal and hex': [
    'https://2130706433',
    'https://017700000001',
    'https://0x7f000001',
    'https://0x7f.0.0.1',
    'https://0177.0.0.1',
    'https://127.0.1',
    'https://3232235521',
    'https://0xa9fea9fe',
  ],
  'private ranges': [
    'https://10.0.0.1',
    'https://172.16.0.1',
    'https://172.31.255.255',
    'https://192.168.0.1',
    'https://100.64.0.1',
    'https://100.127.255.255',
  ],
  'link-local and metadata': [
    'https://169.254.169.254/latest/meta-data',
    'https://169.254.0.1',
    'https://metadata.google.internal',
  ],
  'public, but no name': ['https://8.8.8.8', 'https://1.1.1.1:8443', 'https://[2606:4700::1111]'],
  'multicast and reserved': ['https://224.0.0.1', 'https://240.0.0.1', 'https://255.255.255.255'],
  'benchmark and documentation': [
    'https://198.18.0.1',
    'https://198.19.255.255',
    'https://192.0.2.1',
    'https://198.51.100.1',
    'https://203.0.113.1',
    'https://192.0.0.1',
  ],
  'IPv6 in every form': [
    'https://[::1]',
    'https://[::]',
    'https://[::ffff:127.0.0.1]',
    'https://[::ffff:7f00:1]',
    'https://[fe80::1]',
    'https://[fc00::1]',
    'https://[fd00:ec2::254]',
    'https://[64:ff9b::7f00:1]',
    'https://[2001:db8::1]',
  ],
  'inner names': [
    'https://vault.internal',
    'https://printer.local',
    'https://router.home.arpa',
    'https://intranet',
    'https://internal',
    'https://db.internal.',
    'https://acquirer.example..',
  ],
  'user-info': [
    'https://acquirer.example@127.0.0.1',
    'https://user@acquirer.example',
    'https://user:pass@acquirer.example',
    'https://:@acquirer.example@10.0.0.1',
  ],
  'other schemes': [
    'http://acquirer.example',
    'ftp://acquirer.example',
    'file:///etc/passwd',
    'data:text/plain,hello',
    'gopher://acquirer.example',
    'javascript:alert(1)',
    'ws://acquirer.example',
    'blob:https://acquirer.example/1',
  ],
  'full-width and dotted tricks': [
    'https://１２７.０.０.１',
    'https://127。0。0。1',
    'https://ⓛocalhost',
    'https://loc\talhost',
  ],
  'no address at all': ['', 'acquirer.example', '//acquirer.example', 'https://', 'https://%00'],
}

describe('an endpoint', () => {
  it.each(open)('%s may be called', endpoint => {
    expect(mayCall(endpoint, false)).toBe(true)
    expect(mayCall(endpoint, true)).toBe(true)
  })

  const table = Object.entries(closed).flatMap(([kind, list]) => list.map(each => [each, kind]))
  it.each(table)('%s (%s) may not be called', endpoint => {
    expect(mayCall(endpoint, false)).toBe(false)
  })

  it('on loopback over HTTP may be called in the sandbox, and nothing else that is private', () => {
    const allowed = table.filter(([endpoint]) => mayCall(endpoint ?? '', true))
    expect(allowed).toEqual([])
    expect(mayCall('http://127.0.0.1:8787', true)).toBe(true)
    expect(mayCall('http://127.0.0.1:8787', false)).toBe(false)
    expect(mayCall('http://localhost:8787', true)).toBe(false)
    expect(mayCall('http://127.0.0.2:8787', true)).toBe(false)
    expect(mayCall('http://10.0.0.1:8787', true)).toBe(false)
    expect(mayCall('http://u@127.0.0.1:8787', true)).toBe(false)
  })
})
