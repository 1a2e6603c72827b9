import {setFlagsFromString} from 'node:v8'
import {createContext, runInContext} from 'node:vm'
import {bytesOf} from 'pmpc/kit/anonymize'

/** Characters of a pattern. */
const LONGEST = 1000
/** Milliseconds in which a pattern must be done with each text that it is tried on. */
const MOST_TIME = 250

/**
 * The pattern as it is run, or what is wrong with it. V8 runs it by going back, and where that takes too long by its engine that never does
 * (`--enable-experimental-regexp-engine-on-excessive-backtracks`): so only what that one can run is taken, which leaves out looking ahead and
 * behind, and references back. What still takes long is refused by trying it, in a way that can be stopped.
 */
export function compiled(pattern: string): {pattern: RegExp} | {wrong: string} {
  if (pattern.length > LONGEST) return {wrong: `a pattern has at most ${LONGEST} characters`}
  const bytes = bytesOf(pattern)
  const syntax = attempt(() => new RegExp(bytes, 'g'))
  if ('error' in syntax)
    return {wrong: syntax.error.replace(/^Invalid regular expression: \/.*\/\w*: /s, 'it is no regular expression: ')}
  if (hasNestedQuantifiers(bytes)) return {wrong: 'a repetition within a repetition, as in (a+)+, can take for ever'}
  if (!isLinear(bytes))
    return {wrong: 'looking ahead or behind, references back and very long counted repetitions can take for ever'}
  const empty = ['', 'a', 'a b', '1.2', '\n', '-x_'].some((text) => matchesNothing(syntax.value, text))
  if (empty) return {wrong: 'it fits where there is nothing, and so everywhere'}
  return takesLong(bytes) ? {wrong: 'it takes for ever with some texts'} : {pattern: syntax.value}
}

function attempt<T>(work: () => T): {value: T} | {error: string} {
  try {
    return {value: work()}
  } catch (error) {
    return {error: (error as Error).message}
  }
}

function matchesNothing(pattern: RegExp, text: string): boolean {
  return [...text.matchAll(pattern)].some(([found]) => found === '')
}

/** V8's own flag. */
const LINEAR = 'l'

/** Whether V8's engine that never goes back can run it. True where this V8 has none: the other tests are left. */
function isLinear(pattern: string): boolean {
  setFlagsFromString('--enable-experimental-regexp-engine')
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
  const tried = attempt(() => new RegExp(pattern, LINEAR).test('a'))
  return !('error' in tried) || /flags/.test(tried.error)
}

/** Texts on which patterns that go back go back most: long runs, and what does not fit at their end. */
const runs = ['a', 'A', '0', ' ', '-', '.', '/', 'ab', 'a1', 'aA', '0.', 'a-', 'a.', 'a b ', '=', '"', ',', '\u00e9']

function takesLong(pattern: string): boolean {
  const context = createContext({pattern, runs}, {codeGeneration: {strings: false, wasm: false}})
  const code = `for (const run of runs) for (const end of ['', '!', '\\n!'])
    new RegExp(pattern, 'g').test(run.repeat(2000 / run.length) + end)`
  return 'error' in attempt(() => runInContext(code, context, {timeout: MOST_TIME * 4}) as unknown)
}

/** A group that is repeated without an end, and holds what is. Escapes and classes are skipped. */
export function hasNestedQuantifiers(pattern: string): boolean {
  const parts =
    pattern.match(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?[:=!]|\?<[=!]?(?:\w*>)?)?|\)|[*+?]|\{\d*,?\d*\}|./gs) ?? []
  const open: boolean[] = []
  let [inner, closed] = [false, false]
  for (const part of parts) {
    const repeats = part === '*' || part === '+' || /^\{\d+,\d*\}$/.test(part)
    if (part.startsWith('(')) {
      open.push(inner)
      inner = false
    } else if (part === ')') {
      closed = inner
      inner = (open.pop() ?? false) || inner
      continue
    } else if (repeats) {
      if (closed) return true
      inner = true
    }
    closed = false
  }
  return false
}
