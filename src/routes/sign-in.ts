/**
 * Signing in to the console. In production Cloudflare Access does it before a request comes here. In the box its local
 * issuer stands for it, and this page lets anyone at this machine choose who to be.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import { isOwnCall } from '../domain/access.ts'
import { TOKEN_COOKIE } from '../middleware/admits.ts'
import { type Door, problem } from '../middleware/door.ts'

const CONSOLE = '/console'

/** The issuer of the box; undefined everywhere else. */
function localIssuer({ env }: Context<Door>): string | undefined {
  const isLocal =
    env.ENVIRONMENT === 'sandbox' && /^http:\/\/127\.0\.0\.1:\d+$/.test(env.ACCESS_ISSUER)
  return isLocal ? env.ACCESS_ISSUER : undefined
}

interface Person {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly groups: readonly string[]
}

const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

export const signIn = new OpenAPIHono<Door>()
  .get('/console/sign-in', async c => {
    const issuer = localIssuer(c)
    if (issuer === undefined) return c.redirect(CONSOLE)
    const answer = await fetch(`${issuer}/people`)
    const { people } = (await answer.json()) as { people: readonly Person[] }
    c.header('content-security-policy', policy)
    c.header('cache-control', 'no-store')
    return c.html(pageOf(people))
  })
  .post('/console/sign-in', async c => {
    const issuer = localIssuer(c)
    if (issuer === undefined) return problem(c, { code: 'NOT_FOUND' })
    if (!isOwn(c)) return problem(c, { code: 'ACCESS_CROSS_SITE' })
    const { person } = await c.req.parseBody()
    const known = typeof person === 'string' && /^[a-z-]{1,32}$/.test(person)
    const answer = known && (await fetch(`${issuer}/token/${person}`, { method: 'POST' }))
    if (answer === false || !answer.ok) return problem(c, { code: 'ACCESS_DENIED' })
    const { token, seconds } = (await answer.json()) as { token: string; seconds: number }
    c.header('cache-control', 'no-store')
    if (c.req.header('accept') === 'application/json') return c.json({ token, seconds })
    setCookie(c, TOKEN_COOKIE, token, {
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      maxAge: seconds,
    })
    return c.redirect(CONSOLE, 303)
  })
  .post('/console/sign-out', c => {
    if (!isOwn(c)) return problem(c, { code: 'ACCESS_CROSS_SITE' })
    deleteCookie(c, TOKEN_COOKIE, { path: '/' })
    // Access has a session of its own, which only Access ends.
    return c.redirect(
      localIssuer(c) === undefined ? '/cdn-cgi/access/logout' : '/console/sign-in',
      303,
    )
  })

const isOwn = ({ req }: Context<Door>): boolean =>
  isOwnCall(
    {
      origin: req.header('origin') ?? null,
      site: req.header('sec-fetch-site') ?? null,
      marked: req.header('cpg-ops') !== undefined,
    },
    new URL(req.url).origin,
  )

const roleOf = (group: string) => group.replace(/^cpg-/, '').replace(/s$/, '')

const pageOf = (people: readonly Person[]) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Sign in · OpenCPG</title>
    <link rel="icon" href="/mark.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/look.css" />
    <link rel="stylesheet" href="/front.css" />
  </head>
  <body class="front">
    <main>
      <h1>Who are you today?</h1>
      <p>This is the network in a box: choose anyone. In production people sign in through Cloudflare Access.</p>
      <form method="post" action="/console/sign-in">
        <ul class="doors">
          ${people.map(
            ({ id, name, groups }) => html`<li>
              <button name="person" value="${id}"><strong>${name}</strong> ${groups.map(roleOf).join(' and ')}</button>
            </li>`,
          )}
        </ul>
      </form>
    </main>
  </body>
</html>`
