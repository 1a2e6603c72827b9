import {secretTexts, withhold} from 'pmpc/kit/fetch'
import type {ClusterState, Config, KindName, Observed, Value} from 'pmpc/kit/resources'
import {fingerprint, isWithheld, mapTexts, markerOf, MASK, redactText, secretsIn, spellingsOf} from 'pmpc/kit/secrets'
import {keyInfo} from 'pmpc/kit/values'

/** Shorter ones occur in ordinary texts; where they are whole values they are taken out as such. */
const shortest = 4

/** Takes secrets out of whatever goes into a snapshot, and remembers those that were seen, so that no other text has them. */
export class Secrets {
  /** What stands in the place of each. */
  private readonly markers = new Map<string, string>()
  private sorted: [string, string][] = []

  /** @param known those of the run: tokens, tickets */
  constructor(private readonly known: ReadonlySet<string>) {}

  /** A state, or what is declared, with marks in the place of secrets: also of those that pmpc.yaml allows in Git, or that are there for long. */
  async outOf(state: ClusterState): Promise<ClusterState> {
    for (const object of state.objects) await this.learn(object, state.cluster)
    const {state: clean} = await withhold(state, {})
    return {...clean, objects: clean.objects.map((object) => ({...object, config: masked(object.kind, object.config)}))}
  }

  /** Remembers the secrets in an object. */
  async learn(object: Observed, cluster: string): Promise<void> {
    for (const [text, word] of secretTexts(object)) await this.add(text, word, cluster)
    for (const text of maskedTexts(object.kind, object.config)) await this.add(text, 'password', cluster)
  }

  /** A value of any form without what was learned, and without what has the form of a secret. */
  hide<T>(value: T): T {
    return this.withoutNumbers(mapTexts(value, (text) => this.inText(text))) as T
  }

  /** A secret of digits alone is a number in what was parsed. */
  private withoutNumbers(value: unknown): unknown {
    if (typeof value === 'number') return this.markers.get(String(value)) ?? value
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((each) => this.withoutNumbers(each))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.withoutNumbers(each)]))
  }

  /** The text of a file, comments included. */
  async outOfText(text: string, cluster: string): Promise<string> {
    let [clean, at] = ['', 0]
    const known = this.inText(text, 'known')
    for (const {form, start, end} of secretsIn(known)) {
      clean += known.slice(at, start) + markerOf(form.word, await fingerprint(known.slice(start, end), cluster))
      at = end
    }
    return redactText(clean + known.slice(at), this.known)
  }

  private inText(text: string, what: 'known' | 'all' = 'all'): string {
    const clean = this.ordered.reduce((one, [secret, marker]) => one.replaceAll(secret, marker), text)
    return what === 'all' ? redactText(clean, this.known, 'message') : clean
  }

  /** The longest first, as one may be a part of another. */
  private get ordered(): [string, string][] {
    if (this.sorted.length !== this.markers.size)
      this.sorted = [...this.markers].sort(([a], [b]) => b.length - a.length)
    return this.sorted
  }

  private async add(text: string, word: string, cluster: string): Promise<void> {
    if (text.length < shortest || this.markers.has(text)) return
    const marker = markerOf(word, await fingerprint(text, cluster))
    for (const spelling of [...spellingsOf(text), ...linesOf(text)]) this.markers.set(spelling, marker)
  }
}

/** The lines of a secret that has several: in a manifest they are set in. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  return lines.length > 1 ? lines.filter((line) => line.length > 16) : []
}

/** A configuration with PVE's mask in the place of what its rows call a secret. */
function masked(kind: KindName, config: Config): Config {
  return walk(kind, [], config, () => MASK) as Config
}

function maskedTexts(kind: KindName, config: Config): string[] {
  const found: string[] = []
  walk(kind, [], config, (value) => {
    found.push(String(value))
    return value
  })
  return found
}

/** @param visit what becomes of a value that is a secret */
function walk(kind: KindName, path: readonly string[], value: Value, visit: (value: string | number) => Value): Value {
  if (Array.isArray(value)) return value.map((each) => walk(kind, path, each, visit))
  if (typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, walk(kind, [...path, key], inner, visit)]),
    )
  return path.length > 0 && keyInfo(kind, ...path).masked && !isWithheld(value) ? visit(value) : value
}
