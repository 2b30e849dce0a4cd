/** The page that every problem's `type` points to: the whole table of result codes, made from the table itself. */
import { type ResultCode, resultCodes } from '../domain/refusal.ts'
import { type Language, languages, textOf } from '../domain/result-text.ts'

const names: Readonly<Record<Language, string>> = {
  en: 'English',
  zh: '中文',
  th: 'ไทย',
  ms: 'Bahasa Melayu',
  id: 'Bahasa Indonesia',
  vi: 'Tiếng Việt',
}

const outcomes = {
  S: 'S: the payment succeeded',
  F: 'F: the payment failed',
  U: 'U: not known yet',
} as const

const retries = {
  never: 'Not again',
  same: 'The same request again',
  later: 'Later',
  new_quote: 'With a new quote',
  new_code: 'With a new code',
  inquire: 'Ask what became of it',
} as const

const codes = Object.keys(resultCodes) as ResultCode[]

export const problemsPage = (): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="Every result code of the OpenCPG API, and what to tell people." />
    <title>Result codes · OpenCPG</title>
    <link rel="icon" href="/mark.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/look.css" />
    <link rel="stylesheet" href="/problems.css" />
  </head>
  <body>
    <a class="skip" href="#codes">Skip to the codes</a>
    <header class="bar">
      <a class="brand" href="/"><img src="/mark.svg" width="20" height="20" alt="" />OpenCPG</a>
      <nav aria-label="Pages">
        <a href="/lab">Code lab</a>
        <a href="/reference">API reference</a>
      </nav>
    </header>
    <main class="problems">
      <div class="lead">
        <h1>Result codes</h1>
        <p>
          One closed list: codes are added, never renamed. A refused call answers with one of them as problem details
          (RFC 9457), and every payment and refund carries one. What a code says of the payment is its result;
          a code without one speaks of the call alone, and leaves open what became of a payment that may exist.
        </p>
        <p>For programs: <a href="/result-codes.json">the same as JSON</a>.</p>
      </div>
      <nav class="codes" aria-label="Codes">${codes.map(link).join('\n')}</nav>
      <div id="codes" tabindex="-1">${codes.map(section).join('\n')}</div>
    </main>
    <footer class="foot"><span>Apache-2.0</span></footer>
  </body>
</html>
`

const link = (code: ResultCode): string => `<a href="#${code}">${code}</a>`

function section(code: ResultCode): string {
  const { http, outcome, retry, acts, says } = resultCodes[code]
  const facts = [
    ['Result', outcome === null ? 'None: it speaks of the call alone' : outcomes[outcome]],
    ['As a refusal', http === 200 ? 'Refuses no call' : `HTTP ${http}`],
    ['Ask again', retries[retry]],
    ['Who acts', acts],
  ] as const
  return `<section id="${code}" class="problem" aria-labelledby="${code}-title">
  <h2 id="${code}-title">${code}</h2>
  <p>${escaped(says)}</p>
  <dl>${facts.map(([name, fact]) => `<div><dt>${name}</dt><dd>${escaped(fact)}</dd></div>`).join('')}</dl>
  <details>
    <summary>What to tell people</summary>
    <div class="wide"><table>
      <thead><tr><th scope="col">Language</th><th scope="col">Cashier</th><th scope="col">Traveller</th></tr></thead>
      <tbody>${(Object.keys(languages) as Language[]).map(language => textRow(code, language)).join('')}</tbody>
    </table></div>
  </details>
</section>`
}

function textRow(code: ResultCode, language: Language): string {
  const { cashier, traveller } = textOf(code, language)
  const cells = [cashier, traveller].map(text => `<td lang="${language}">${escaped(text)}</td>`)
  return `<tr><th scope="row" lang="${language}">${names[language]}</th>${cells.join('')}</tr>`
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
