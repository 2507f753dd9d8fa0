/** What a Redis address says. */
export interface RedisAddress {
  host: string;
  port: number;
  /** `rediss://`: the connection is encrypted. */
  isEncrypted: boolean;
  username: string | undefined;
  password: string | undefined;
  /** The number of the database; a Cluster has only 0. */
  db: number;
  /** What all keys begin with, so that several installations can share one Redis. */
  prefix: string;
  /** Further nodes of a Cluster, as `[host, port]`; null where it is no Cluster. */
  cluster: readonly [string, number][] | null;
}

const PORT = 6379;

/**
 * Reads `redis://user:password@host:6379/0?prefix=…`, or `rediss://` with TLS. `?cluster` makes it a Redis Cluster;
 * `?cluster=host:port,host:port` names more of its nodes. Null where it is no such address.
 */
export function readRedisUrl(text: string): RedisAddress | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const db = /^\/?(\d*)$/.exec(url.pathname)?.[1];
  const cluster = clusterOf(url.searchParams.get('cluster'));
  if (!/^rediss?:$/.test(url.protocol) || url.hostname === '' || db === undefined) return null;
  if (cluster === undefined || (cluster !== null && Number(db) !== 0)) return null;
  return {
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    port: url.port === '' ? PORT : Number(url.port),
    isEncrypted: url.protocol === 'rediss:',
    username: decoded(url.username),
    password: decoded(url.password),
    db: Number(db),
    prefix: url.searchParams.get('prefix') ?? '',
    cluster,
  };
}

const decoded = (part: string): string | undefined =>
  part === '' ? undefined : decodeURIComponent(part);

/** Undefined where a node is none. */
function clusterOf(nodes: string | null): RedisAddress['cluster'] | undefined {
  if (nodes === null) return null;
  const named = nodes.split(',').filter((node) => !['', 'true', '1'].includes(node));
  const read = named.map((node) => /^([^:\s]+)(?::(\d+))?$/.exec(node));
  if (read.some((node) => node === null)) return undefined;
  return read.map((node) => [node![1]!, Number(node![2] ?? PORT)]);
}
