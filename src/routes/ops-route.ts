/** What every route of the staff shares: the tag, how it is entered, and which right it takes. */
import type { Right } from '../domain/access.ts'
import { may } from '../middleware/may.ts'
import { problemSchema } from '../wire/problem.ts'

export const accessScheme = {
  type: 'apiKey',
  in: 'header',
  name: 'Cf-Access-Jwt-Assertion',
  description: [
    'An access token (JWT, RS256 or ES256) of the identity service: Cloudflare Access in production, the local issuer in',
    'the box. A browser sends it as the cookie `CF_Authorization`. Calls that change something, and sockets, come from',
    'the console itself (`Origin`), or carry the header `cpg-ops`, whatever it says.',
  ].join(' '),
} as const

const refused = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
})

export const opsProblems = {
  400: refused('The request has the wrong shape'),
  401: refused('Nobody is signed in, or the token does not count'),
  403: refused('None of the roles of whoever asks may do this'),
  404: refused('There is no such thing'),
  409: refused('It contradicts what already is'),
  422: refused('It is well formed and cannot be done'),
  500: refused('The gateway failed'),
  503: refused('Not now; the same request may be sent again'),
} as const

/** The part of a route that says which right it takes; the document says it, too. */
export const takes = <const R extends Right>(right: R) => ({
  tags: ['ops'],
  security: [{ access: [] }],
  middleware: may(right),
  'x-right': right,
})
