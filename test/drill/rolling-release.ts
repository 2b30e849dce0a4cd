import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Drill } from './drills.ts'
import { earlierRelease, thisRelease } from './release.ts'
import { everybody } from './struck.ts'

export const rollingRelease: Drill = {
  name: 'rolling-release',
  says: 'Every center and then every edge goes from an earlier release to this one, under traffic.',
  edges: 2,
  before: earlierRelease,
  async play({ folder, network, say, answered, customers, gap }) {
    const files = { edge: join(folder, 'edge-next.js'), center: join(folder, 'center-next.js') }
    await writeFile(files.edge, await thisRelease.build('edge'))
    await writeFile(files.center, await thisRelease.build('center'))
    const leave = customers(everybody)
    const since = Date.now()
    for (const id of network.ids.filter(each => each !== 'directory')) {
      await answered(30)
      const ms = await network.start(id, id.startsWith('edge') ? files.edge : files.center)
      say(`${id} runs this release after ${ms} ms of starting`)
    }
    await answered(30)
    leave()
    return gap(everybody, since)
  },
}
