/** The API's own description: generated from the routes, completed by what no route says. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Door } from '../middleware/door.ts'
import { accessScheme } from './ops-route.ts'
import { signatureScheme } from './route.ts'
import { describeWebhooks } from './webhooks.ts'

const about = {
  openapi: '3.1.0',
  info: {
    title: 'OpenCPG',
    version: '1.0.0',
    description:
      'One access point and one standard for wallets, acquirers and schemes. Requests and answers are signed with HTTP Message Signatures (RFC 9421).',
    license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
  },
  tags: [
    { name: 'Codes', description: 'What a scanned code is, and codes that a wallet shows' },
    { name: 'Quotes', description: 'What a payment would cost, and at which rates' },
    { name: 'Payments', description: 'Paying, charging, waiting, taking back' },
    { name: 'Refunds', description: 'Giving back what was paid' },
    { name: 'Orders', description: 'Orders of apps and pages, as links' },
    {
      name: 'Limits',
      description: 'What an institution may be party to, and how much of it is used',
    },
    { name: 'Events', description: 'What happened, and what has not been acknowledged' },
    { name: 'Asked of members', description: 'What the gateway asks, at the address of a member' },
    { name: 'ops', description: 'For the staff of the network' },
  ],
  externalDocs: { url: '/problems', description: 'Every result code, and what to tell people' },
}

export function describeApi(app: OpenAPIHono<Door>) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'signature', signatureScheme)
  app.openAPIRegistry.registerComponent('securitySchemes', 'access', accessScheme)
  describeWebhooks(app.openAPIRegistry)
  app.get('/openapi.json', c => c.json(named(app.getOpenAPI31Document(about))))
}

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>

/** Programs that are generated from the document name their functions by these. */
function named(document: Document): Document {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(item)) {
      operation.operationId ??= idOf(method, path)
    }
  }
  return document
}

/** `get /ops/v1/payments/{id}` as `getOpsPaymentsId`. */
const idOf = (method: string, path: string): string =>
  method +
  path
    .split(/[^A-Za-z0-9]+/)
    .filter(word => word !== '' && word !== 'v1')
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
