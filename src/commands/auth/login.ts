import {Args, BaseCommand, Flags} from '../../kit/cli/index.js'
import type {ClusterAccess, Secret} from '../../kit/proxmox/index.js'
import {accessTo, logIn, secretFrom, splitCommand, withAskedSecret, type LoginResult} from '../../kit/setup/index.js'
import {requireWorkspace} from '../../kit/workspace/index.js'

export default class Login extends BaseCommand<LoginResult> {
  static override readonly effect = 'records'
  static override summary = "Store the secret of a cluster's API token."
  static override description = `The secret is asked for, or read as a flag says, checked against the cluster, and kept in your own configuration folder at mode 0600, bound to the endpoints and the certificate that pmpc.yaml names. It never enters the repository.

In a pipeline no login is needed: set PMPC_TOKEN_<CLUSTER>, and PMPC_ENDPOINT_<CLUSTER> to say where it may go.`
  static override examples = [
    '<%= config.bin %> auth login',
    '<%= config.bin %> auth login home --token-stdin < secret.txt',
    '<%= config.bin %> auth login home --token-env PVE_SECRET',
    '<%= config.bin %> auth login home --token-command op read op://Private/pmpc/secret',
  ]
  static override args = {
    cluster: Args.string({description: 'name in pmpc.yaml; the only one unless given'}),
  }
  static override flags = {
    'token-stdin': Flags.boolean({summary: 'Read the secret from standard input, one line.'}),
    'token-env': Flags.string({summary: 'Take the secret from this variable.', helpValue: 'VARIABLE'}),
    'token-command': Flags.string({
      summary:
        'Run these words, without a shell, whenever the secret is needed. The last flag: all words after it are the command.',
      helpValue: 'WORDS…',
      multiple: true,
    }),
  }

  async run(): Promise<LoginResult> {
    const {argv, words} = splitCommand(this.argv)
    this.argv = argv
    const {args, flags} = await this.parse(Login)
    const {config} = await requireWorkspace(this.folder)
    const access = accessTo(config.clusters, args.cluster, this.typed)
    const given = await secretFrom({...flags, 'token-command': words}, process.env, process.stdin)
    const result = given ? await this.logIn(access, given) : await this.logInAsking(access)
    this.say(
      `Logged in to ${result.cluster} as ${result.tokenId} (Proxmox VE ${result.version ?? 'of unknown version'}).`,
    )
    this.say(`Stored in ${result.file}, for ${result.endpoints.join(', ')} only.`)
    this.hint(`Next: pmpc auth test ${result.cluster}`)
    return result
  }

  private async logIn(access: ClusterAccess, secret: Secret): Promise<LoginResult> {
    return logIn(access, secret, process.env, this.record.registerSecret)
  }

  private async logInAsking(access: ClusterAccess): Promise<LoginResult> {
    const {tokenId, cluster} = access
    const question = {
      tokenId,
      of: `${tokenId} at ${cluster}`,
      prompts: {...this.prompts, command: `${this.typed} ${cluster}`},
      say: (text: string) => this.say(text),
    }
    return withAskedSecret(question, async (secret) => this.logIn(access, secret))
  }
}
