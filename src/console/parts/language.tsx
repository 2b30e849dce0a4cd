/** The switch between the languages. Chinese is drawn and not written: not every machine has letters for it. */
import { language, speak, t } from '../store.ts'

export function LanguageSwitch() {
  const other = language.value === 'en' ? 'zh' : 'en'
  return (
    <button
      type="button"
      class="plain"
      title={t().languageIs}
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      onClick={() => speak(other)}
    >
      {other === 'zh' ? <Chinese name={t().language} /> : t().language}
    </button>
  )
}

const Chinese = ({ name }: { readonly name: string }) => (
  <svg class="letters" viewBox="0 0 44 20" role="img" aria-label={name}>
    <path d="M3 6H17V13H3ZM10 1.5V19" />
    <path d="M31 1 33 4M23 5.5H41M37 5.5C35 12 31 16 24 18.5M27 5.5C29 12 33 16 40.5 18.5" />
  </svg>
)
