import type {ByteString, Find} from 'pmpc/kit/anonymize'
import type {Place, Seen} from './model.js'

/** Where finds stand. They must be in order. */
export function placesOf(text: ByteString, finds: readonly Find[], {file, line, column}: Seen): Place[] {
  let [at, lines, begin] = [0, line, -column]
  return finds.map(({start, kind, confidence}) => {
    for (let next = text.indexOf('\n', at); next >= 0 && next < start; next = text.indexOf('\n', at)) {
      lines++
      at = next + 1
      begin = at
    }
    return {file, line: lines + 1, column: start - begin + 1, kind, confidence}
  })
}

/** Where what follows a text begins. */
export function after(text: ByteString, {file, line, column}: Seen): Seen {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return {file, line: line + lines, column: lines > 0 ? text.length - text.lastIndexOf('\n') - 1 : column + text.length}
}
