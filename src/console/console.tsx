/** Entry of the console. */
import { render } from 'preact'
import { useEffect } from 'preact/hooks'
import { isSignedOut } from './api.ts'
import { watchAll } from './live.ts'
import { loadMembers } from './members.ts'
import { ApproveDialog } from './parts/approve.tsx'
import { Frame } from './parts/frame.tsx'
import { Problem } from './parts/problem.tsx'
import { SteerDialog } from './parts/steer.tsx'
import { keepSession, language, locked, me, place, signedIn, speak, t } from './store.ts'
import { views } from './views/views.ts'

function Console() {
  useEffect(() => {
    document.title = `${t().console} · OpenCPG`
  }, [language.value])
  if (me.value === null) return <Locked />
  const View = views[place.value.view] ?? views.overview
  return (
    <Frame>
      {View === undefined ? null : <View />}
      <SteerDialog />
      <ApproveDialog />
    </Frame>
  )
}

/** Nobody is signed in, or nobody can be asked; either way the page goes on asking. */
function Locked() {
  const problem = locked.value
  if (problem === null) return null
  if (!isSignedOut(problem)) {
    return (
      <main class="locked">
        <h1>{t().console}</h1>
        <Problem problem={problem} />
        <p>{t().goesOn}</p>
      </main>
    )
  }
  return (
    <main class="locked">
      <h1>{t().signedOut}</h1>
      <p>{t().signedOutSays}</p>
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
keepSession()
void loadMembers()
await watchAll()
