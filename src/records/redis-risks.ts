import type { RedisConnection } from './redis-connection';

/** What this Redis can lose by the way it is set up, for people; nothing where it does not say how that is. */
export async function risksOf(connection: RedisConnection): Promise<string[]> {
  const info = await connection
    .ask(
      'looked at',
      async (client) => (await client.info('memory')) + (await client.info('persistence')),
    )
    .catch(() => '');
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction';
  const risks: string[] = [];
  if (policy !== 'noeviction') {
    risks.push(
      `When Redis is full it throws records away, opt-outs too (maxmemory-policy ${policy}; choose noeviction).`,
    );
  }
  if (/^aof_enabled:0/m.test(info)) {
    risks.push(
      'When Redis crashes records are lost, opt-outs too (set appendonly yes and appendfsync always).',
    );
  }
  return risks;
}
