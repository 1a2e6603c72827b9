import type {ByteString, Pair} from './model.js'
import {Runs} from './runs.js'
import {scan} from './scan.js'

/** Puts originals back where their pseudonyms stand, also within other words. What is no pseudonym of these pairs stays. */
export function restorer(pairs: readonly Pair[]): (text: ByteString) => ByteString {
  const originals = new Map(pairs.map(({original, pseudonym}) => [pseudonym, original]))
  const runs = new Runs<string>(false)
  for (const [pseudonym, original] of originals) runs.set(pseudonym, original)
  const known = new Map<string, string>()

  /** A word with what is behind it. */
  const restored = (word: string): string => {
    const whole = originals.get(word)
    if (whole !== undefined) return whole
    let [result, from] = ['', 0]
    for (const {start, end, found} of runs.in(word)) {
      result += word.slice(from, start) + found
      from = end
    }
    result += word.slice(from)
    if (!result.includes('REDACTED-')) return result
    return result.replaceAll(/REDACTED-[a-z0-9]+-[0-9a-f]{6,}/g, (text) => originals.get(text) ?? text)
  }

  return (text) => {
    const parts: string[] = []
    let from = 0
    scan(text, (start, end) => {
      const word = text.slice(start, end)
      // A network has its length with it.
      const length = /^\/\d{1,2}(?!\d)/.exec(text.slice(end, end + 4))?.[0]
      const net = length === undefined ? undefined : originals.get(word + length)
      if (net !== undefined) {
        parts.push(text.slice(from, start), net)
        from = end + length!.length
        return from
      }
      let original = known.get(word)
      if (original === undefined) {
        original = restored(word)
        if (known.size > 100_000) known.clear()
        known.set(word, original)
      }
      if (original !== word) {
        parts.push(text.slice(from, start), original)
        from = end
      }
      return end
    })
    return from === 0 ? text : parts.join('') + text.slice(from)
  }
}
