import {shellWord} from '../files/inside.js'
import type {Failure} from './failure.js'

/** A failure of a command that was typed with `-C`: what it advises is typed from the same place, and needs it, too. */
export function typedIn(folder: string, failure: Failure): Failure {
  const there = `pmpc -C ${shellWord(folder)} `
  return {...failure, suggestions: failure.suggestions.map((line) => line.replace(/^pmpc (?!-|plugins )/, () => there))}
}
