/** `npm run build:pages`: builds the pages; a deployment of the edge runs it first. */
import { buildPages } from './pages.ts'

console.log(`Built ${await buildPages()}`)
