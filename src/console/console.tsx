/** Entry of the console. */
import { render } from 'preact'
import { useEffect } from 'preact/hooks'
import { read } from './api.ts'
import { watchAll } from './live.ts'
import { loadMembers } from './members.ts'
import { ApproveDialog } from './parts/approve.tsx'
import { Frame } from './parts/frame.tsx'
import { SteerDialog } from './parts/steer.tsx'
import { language, locked, me, place, signedIn, speak, t } from './store.ts'
import { views } from './views/views.ts'

function Console() {
  useEffect(() => {
    document.title = `${t().console} · OpenCPG`
  }, [language.value])
  if (me.value === null) return locked.value === null ? null : <Locked />
  const View = views[place.value.view] ?? views.overview
  return (
    <Frame>
      {View === undefined ? null : <View />}
      <SteerDialog />
      <ApproveDialog />
    </Frame>
  )
}

function Locked() {
  return (
    <main class="locked">
      <h1>{t().signedOut}</h1>
      <p>{locked.value?.status === 0 ? t().unreachable : t().signedOutSays}</p>
      <p>
        <a class="button" href="/console/sign-in">
          {t().signIn}
        </a>
      </p>
    </main>
  )
}

speak(language.value)
render(<Console />, document.body)
await signedIn()
if (me.value !== null) {
  void loadMembers()
  const { data } = await read<{ data: readonly { id: string }[] }>('/ops/v1/centers')
  watchAll(data.map(({ id }) => id))
}
