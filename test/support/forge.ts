import http from 'node:http'
import type {AddressInfo} from 'node:net'

/** A comment or an issue, in the words of both sorts of forge. */
export interface Post {
  id: number
  /** Of an issue, in its project. */
  number: number
  iid: number
  title?: string
  body: string
  description: string
  state: string
  /** Somebody else's: it cannot be changed with our token. */
  foreign?: true
}

/** How many a page has: few, so that there are several. */
const PAGE = 2

/**
 * What pipelines tell their results to: comments of a pull request and issues, by the API of GitHub and Forgejo and by GitLab's. Only what the
 * pipelines of pmpc ask for is there; whatever else is asked is 404.
 */
export class ForgeStandIn {
  readonly comments: Post[] = []
  readonly issues: Post[] = []
  /** `POST /repos/…`, of all that changed anything. */
  readonly changes: string[] = []
  private number = 100

  private constructor(
    private readonly server: http.Server,
    private readonly token: string,
  ) {}

  static async start(token: string): Promise<ForgeStandIn> {
    const server = http.createServer()
    const forge = new ForgeStandIn(server, token)
    server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
      let text = ''
      request.setEncoding('utf8')
      request.on('data', (chunk: string) => (text += chunk))
      request.on('end', () => {
        const {status, data} = forge.answer(request, text === '' ? {} : (JSON.parse(text) as Partial<Post>))
        response.writeHead(status, {'content-type': 'application/json'})
        response.end(JSON.stringify(data))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return forge
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  /** Something that is there already. */
  add(list: 'comments' | 'issues', post: Partial<Post>): Post {
    const id = ++this.number
    const made = {id, number: id + 1000, iid: id + 1000, body: '', description: '', state: 'open', ...post}
    this[list].push(made)
    return made
  }

  private answer(
    request: http.IncomingMessage,
    body: Partial<Post> & {state_event?: string},
  ): {status: number; data: unknown} {
    const {method, headers} = request
    const {pathname, searchParams} = new URL(request.url!, this.url)
    const isAllowed = headers.authorization === `Bearer ${this.token}` || headers['private-token'] === this.token
    if (!isAllowed) return {status: 401, data: {message: 'Bad credentials'}}
    if (method !== 'GET') this.changes.push(`${method} ${pathname}`)
    const found = routes.find(({method: one, path}) => one === method && path.test(pathname))
    if (!found) return {status: 404, data: {message: 'Not Found'}}
    const id = Number(found.path.exec(pathname)![1])
    if (found.does === 'list') {
      const open = this[found.list].filter(({state}) => state === 'open')
      const at = (Number(searchParams.get('page')) - 1) * PAGE
      return {status: 200, data: open.slice(at, at + PAGE)}
    }
    if (found.does === 'add') return {status: 201, data: this.add(found.list, body)}
    const post = this[found.list].find((one) => [one.id, one.number].includes(id))
    if (!post) return {status: 404, data: {message: 'Not Found'}}
    if (post.foreign) return {status: 403, data: {message: 'Resource not accessible by integration'}}
    const {state_event: event, ...changed} = body
    Object.assign(post, changed, event === 'close' && {state: 'closed'})
    return {status: 200, data: post}
  }
}

interface Route {
  method: string
  path: RegExp
  list: 'comments' | 'issues'
  does: 'list' | 'add' | 'change'
}

const routes: Route[] = [
  ...both(/^\/repos\/team\/infra\/issues\/7\/comments$/, 'comments'),
  {method: 'PATCH', path: /^\/repos\/team\/infra\/issues\/comments\/(\d+)$/, list: 'comments', does: 'change'},
  ...both(/^\/repos\/team\/infra\/issues$/, 'issues'),
  {method: 'PATCH', path: /^\/repos\/team\/infra\/issues\/(\d+)$/, list: 'issues', does: 'change'},
  ...both(/^\/projects\/42\/merge_requests\/7\/notes$/, 'comments'),
  {method: 'PUT', path: /^\/projects\/42\/merge_requests\/7\/notes\/(\d+)$/, list: 'comments', does: 'change'},
  ...both(/^\/projects\/42\/issues$/, 'issues'),
  {method: 'PUT', path: /^\/projects\/42\/issues\/(\d+)$/, list: 'issues', does: 'change'},
]

function both(path: RegExp, list: Route['list']): Route[] {
  return [
    {method: 'GET', path, list, does: 'list'},
    {method: 'POST', path, list, does: 'add'},
  ]
}
