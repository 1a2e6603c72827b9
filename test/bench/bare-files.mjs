// What the figure of `pmpc iac generate` is held against: reads the state, and writes the files that are listed on standard input, as many bytes
// in each, into a folder of its own.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'

const {state, folder, files} = JSON.parse(readFileSync(0, 'utf8'))
readFileSync(state)
for (const [name, bytes] of files) {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), {recursive: true})
  writeFileSync(file, Buffer.alloc(bytes, 0x61))
}
