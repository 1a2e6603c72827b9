import {readCluster, type Reading, type ReadOptions} from '../../src/kit/fetch/index.js'
import {createClient} from '../../src/kit/proxmox/index.js'
import {ignoreOf} from '../../src/kit/workspace/index.js'
import type {Lab} from './lab.js'

/** Reads a lab's cluster, and tells what was asked for. */
export async function readLab(
  lab: Lab,
  options: Partial<ReadOptions> = {},
): Promise<{reading: Reading; asked: string[]}> {
  const {url, fingerprint, tokenId, tokenSecret} = lab.simulator
  const asked: string[] = []
  const client = createClient({
    endpoints: [url],
    trust: {fingerprint},
    credential: {tokenId, secret: tokenSecret},
    cluster: 'home',
    onExchange: ({path}) => asked.push(path),
  })
  try {
    const settings = {ignore: ignoreOf([]), guestFirewalls: () => true}
    return {reading: await readCluster({reader: client, cluster: 'home', ...settings, ...options}), asked}
  } finally {
    await client.close()
  }
}
