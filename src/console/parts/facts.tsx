/** What is known of something, each under its name; what does not apply, and is null, is left out. */
import type { ComponentChildren } from 'preact'

export type Fact = readonly [name: string, says: ComponentChildren]

interface FactsProps {
  readonly facts: readonly Fact[]
  /** Sentences, which take a whole line each. */
  readonly areSentences?: boolean
}

export const Facts = ({ facts, areSentences = false }: FactsProps) => (
  <dl class={areSentences ? 'facts found' : 'facts'}>
    {facts.map(([name, says]) =>
      says === null ? null : (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{says}</dd>
        </div>
      ),
    )}
  </dl>
)
