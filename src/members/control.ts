/** A member's control endpoint: steers its faults. Not signed, so it has a port of its own, on loopback only. */
import type { Faults } from './faults.ts'

/**
 * `GET /faults` lists, `POST /faults` adds the fault in its text body (`slow 10s accept x3`), `DELETE /faults`
 * lifts all. Each answers the list that is in force; 400 with a sentence for words that are no fault.
 */
export const controlOf =
  (faults: Faults) =>
  async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    if (pathname !== '/faults') return Response.json({ error: 'ask /faults' }, { status: 404 })
    switch (request.method) {
      case 'GET':
        break
      case 'DELETE':
        await faults.clear()
        break
      case 'POST':
        try {
          await faults.add(await request.text())
        } catch (error) {
          return Response.json({ error: String((error as Error).message) }, { status: 400 })
        }
        break
      default:
        return Response.json({ error: 'GET, POST or DELETE' }, { status: 405 })
    }
    return Response.json(faults.list())
  }
