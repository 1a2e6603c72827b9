import {kindsNamed} from '../resources/kinds.js'
import type {ObjectRef} from '../resources/model.js'
import {parseRefs} from '../resources/refs.js'

/** Tells objects (`vm/100`, `vm 100`, `100`) from all else that was typed, revisions say. */
export function objectsAndRest(words: readonly string[], clusters: string[]): {refs: ObjectRef[]; rest: string[]} {
  const refs: ObjectRef[] = []
  const rest: string[] = []
  for (let at = 0; at < words.length; at++) {
    const [word, next] = [words[at]!, words[at + 1]]
    const isPair = kindsNamed(word).length > 0 && next !== undefined
    const found = parseRefs(isPair ? `${word}/${next}` : word, clusters)
    if (found) refs.push(...found)
    else rest.push(word)
    if (found && isPair) at++
  }
  return {refs, rest}
}
