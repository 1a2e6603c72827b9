import {Args, BaseCommand} from '../../kit/cli/index.js'
import {removeCredential} from '../../kit/proxmox/index.js'
import {accessTo} from '../../kit/setup/index.js'
import {requireWorkspace} from '../../kit/workspace/index.js'

export interface LogoutResult {
  cluster: string
  tokenId: string
  /** Entries taken out of the credential file, one an endpoint. */
  removed: number
}

export default class Logout extends BaseCommand<LogoutResult> {
  static override readonly effect = 'records'
  static override summary = "Forget the secret of a cluster's API token."
  static override description =
    'Takes it out of your credential file. The token itself stays valid until it is removed in Proxmox VE.'
  static override examples = ['<%= config.bin %> auth logout', '<%= config.bin %> auth logout home']
  static override args = {
    cluster: Args.string({description: 'name in pmpc.yaml; the only one unless given'}),
  }

  async run(): Promise<LogoutResult> {
    const {args} = await this.parse(Logout)
    const {config} = await requireWorkspace(this.folder)
    const access = accessTo(config.clusters, args.cluster, this.typed)
    const removed = await removeCredential(access, process.env)
    this.say(
      removed === 0
        ? `There was no credential of ${access.tokenId} for ${access.cluster}.`
        : `Forgot the credential of ${access.tokenId} for ${access.cluster}.`,
    )
    const [user, token] = access.tokenId.split('!')
    if (removed > 0 && token !== undefined)
      this.hint(`It is still valid; to end that: pveum user token remove ${user} ${token}   # on a node`)
    return {cluster: access.cluster, tokenId: access.tokenId, removed}
  }
}
