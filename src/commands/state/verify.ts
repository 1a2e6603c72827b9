import {Args, BaseCommand} from '../../kit/cli/index.js'
import {exitCodes} from '../../kit/errors/index.js'
import {stateFiles} from '../../kit/observed/index.js'
import type {Verified} from '../../kit/state/index.js'

export default class StateVerify extends BaseCommand<({file: string} & Verified)[]> {
  static override readonly effect = 'reads'
  static override summary = 'Check state files: whole, of the current schema, and byte for byte what pmpc writes.'
  static override description = 'Exits with 1 where a file has a problem.'
  static override examples = ['<%= config.bin %> state verify', '<%= config.bin %> state verify home --json']
  static override args = {
    state: Args.string({description: 'a file, or the name of a cluster; all states unless given'}),
  }

  async run(): Promise<({file: string} & Verified)[]> {
    const {args} = await this.parse(StateVerify)
    const {verifyState} = await import('../../kit/state/verify.js')
    const results = []
    for (const {name: file, bytes} of await stateFiles(this.folder, args.state))
      results.push({file, ...(await verifyState(bytes, file))})
    for (const {file, version, digest, objects, problems} of results) {
      this.say(
        `${file}: ${problems.length === 0 ? this.paint('green', 'fine') : this.paint('red', problems.join('; '))}`,
      )
      if (digest !== null) this.say(`  schema ${version}, ${objects} objects, content ${digest}`)
    }
    if (results.some(({problems}) => problems.length > 0)) {
      this.setExitCode(exitCodes.failed)
      this.hint(
        'A damaged state comes back with `git restore .pmpc/state`, or with `pmpc sync`; an old one with `pmpc state migrate`.',
      )
    }
    return results
  }
}
