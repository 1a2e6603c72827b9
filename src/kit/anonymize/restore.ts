import type {ByteString, Pair} from './model.js'
import {Runs, type Run} from './runs.js'
import {scan} from './scan.js'

const glued =
  /[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}|2[45]\d(?:\.\d{1,3}){3}/g

/** Puts originals back where their pseudonyms stand, also within other words. What is no pseudonym of these pairs stays. */
export function restorer(pairs: readonly Pair[]): (text: ByteString) => ByteString {
  const originals = new Map(pairs.map(({original, pseudonym}) => [pseudonym, original]))
  const runs = new Runs<string>(false)
  for (const [pseudonym, original] of originals) runs.set(pseudonym, original)
  const known = new Map<string, string>()

  /** What stands in a word. A percent sign may encode what follows it, or just stand there. */
  const runsOf = (word: string): Run<string>[] => {
    const found = runs.in(word)
    if (found.length > 0 || word[0] !== '%') return found
    return runs.in(word.slice(1)).map((run) => ({...run, start: run.start + 1, end: run.end + 1}))
  }

  /** A MAC, a UUID or an address may stand behind a letter, where no word begins. */
  const beside = (text: string): string =>
    text.length > 8 ? text.replaceAll(glued, (one) => originals.get(one) ?? one) : text

  /** A word with what is behind it. */
  const restored = (word: string): string => {
    // No pseudonym has a byte beyond ASCII: what has one is text beside it.
    if (/[\u0080-\u00ff]/.test(word)) return word.replaceAll(/[^\u0080-\u00ff]+/g, (part) => restored(part))
    const whole = originals.get(word)
    if (whole !== undefined) return whole
    // Behind an option of one letter: `-uroot`.
    const option = /^-?[A-Za-z](?=[a-z]+[-_][0-9a-f]{4,}$)/.exec(word)?.[0]
    const behind = option && originals.get(word.slice(option.length))
    if (behind !== undefined) return option + behind
    let [result, from] = ['', 0]
    for (const {start, end, found} of runsOf(word)) {
      result += beside(word.slice(from, start)) + found
      from = end
    }
    result += beside(word.slice(from))
    if (!result.includes('REDACTED-')) return result
    return result.replaceAll(/REDACTED-[a-z0-9]+-[0-9a-f]{6,}/g, (text) => {
      // What follows may go on like a tag.
      for (let {length} = text; length > 15; length--) {
        const original = originals.get(text.slice(0, length))
        if (original !== undefined) return original + text.slice(length)
      }
      return text
    })
  }

  return (text) => {
    const parts: string[] = []
    let from = 0
    scan(text, (start, end) => {
      const word = text.slice(start, end)
      // A network has its length with it.
      const length = /^\/\d{1,2}(?!\d)/.exec(text.slice(end, end + 4))?.[0]
      const tail = length === undefined ? '' : /[^\u0080-\u00ff]*$/.exec(word)![0]
      const net = tail === '' ? undefined : originals.get(tail + length!)
      if (net !== undefined) {
        parts.push(text.slice(from, end - tail.length), net)
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
