import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChangedMeanwhile } from '../../src/records/key-value-store';
import { Disk } from './support/disk';
import { names, note, noteRecords } from './support/notes';
import { startWorker } from './support/processes';

const ANA = names({ waId: '34600111222' });

describe('Records on disk', () => {
  let disk: Disk;

  beforeEach(async () => void (disk = await Disk.make()));
  afterEach(() => disk.end());

  const write = async (text: string): Promise<void> => {
    const store = disk.open();
    await noteRecords(store).records.update(ANA, note(text));
    await store.close();
  };
  const notes = async (): Promise<string[]> => {
    const { record } = await noteRecords(disk.open()).records.read(ANA);
    return record.notes;
  };
  const file = (): string => join(disk.folder, 'records.lmdb');

  it('are there again after a restart', async () => {
    await write('kept');
    deepEqual(await notes(), ['kept']);
  });

  it('lie in a folder and files that nobody else may read', async () => {
    const folder = join(disk.folder, 'new');
    const store = disk.open(folder);
    await store.set(new Map([['a', 1]]));
    const modes = [folder, ...readdirSync(folder).map((name) => join(folder, name))].map((path) =>
      (statSync(path).mode & 0o777).toString(8),
    );
    deepEqual(modes, ['700', '600', '600']);
  });

  it('refuse a change of what another process changed since it was read', async () => {
    const [here, there] = [disk.open(), disk.open()];
    const update = here.begin();
    deepEqual(await update.get(['a', 'b']), [undefined, undefined]);
    await there.set(new Map([['a', 1]]));
    await rejects(update.set(new Map([['b', 2]])), ChangedMeanwhile);
    deepEqual(await here.get(['a', 'b']), [1, undefined]);
    const again = here.begin();
    await again.get(['a', 'b']);
    await again.set(new Map([['b', 2]]));
    deepEqual(await there.get(['a', 'b']), [1, 2]);
  });

  it('refuse of two changes that come together the second, where it depends on the first', async () => {
    const store = disk.open();
    const [one, two, other] = [store.begin(), store.begin(), store.begin()];
    for (const update of [one, two]) await update.get(['a']);
    await other.get(['b']);
    const outcomes = await Promise.allSettled([
      one.set(new Map([['a', 1]])),
      two.set(new Map([['a', 2]])),
      other.set(new Map([['b', 3]])),
    ]);
    deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    deepEqual(await store.get(['a', 'b']), [1, 3]);
  });

  it('take keys of any length, and lists them by how they begin', async () => {
    const store = disk.open();
    const long = `x:${'y'.repeat(5000)}`;
    await store.set(
      new Map([
        [long, 1],
        [`${long}z`, 2],
        ['x:1', 3],
        ['w', 4],
        ['y', 5],
      ]),
    );
    deepEqual(await store.get([long, `${long}z`]), [1, 2]);
    equal((await store.keys('x:')).length, 3);
    deepEqual(await store.keys('w'), ['w']);
  });

  for (const where of ['/proc/records', '/sys/records']) {
    it(`cannot be used in a folder that cannot be written (${where}), and say why`, async () => {
      const { records } = noteRecords(disk.open(where));
      const fault = await records.update(ANA, note('lost')).catch((error: unknown) => error);
      ok(fault instanceof Error && 'code' in fault);
      equal(fault.code, 'records-unavailable');
      match(fault.message, /\(E[A-Z]+\)$/);
    });
  }

  it('on a disk that is full fail closed, keep what was acknowledged, and go on when there is room', function () {
    if (process.platform === 'win32') this.skip();
    // A limit on the size of files stands for the full disk: 4,000 blocks of 512 bytes.
    const command = `ulimit -f 4000; exec "${process.execPath}" "${require.resolve('./support/filling-worker')}" "${disk.folder}"`;
    const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    deepEqual(JSON.parse(stdout), {
      code: 'records-unavailable',
      message: 'The records could not be read or written on disk (EIO)',
      isWhole: true,
      again: 'small',
    });
  });

  it('can be used again as soon as the folder can be', async () => {
    const folder = join(disk.folder, 'in-the-way');
    writeFileSync(folder, '');
    const store = disk.open(folder);
    await rejects(store.get(['a']), { code: 'records-unavailable' });
    rmSync(folder);
    deepEqual(await store.get(['a']), [undefined]);
  });

  describe('that are damaged', () => {
    const damages: Record<string, () => void> = {
      'a file of something else': () => writeFileSync(file(), 'hello '.repeat(5000)),
      'a few bytes': () => writeFileSync(file(), 'x'),
      'a truncated file': () => truncateSync(file(), 2 * 4096),
      'a file with pages overwritten': () => {
        const { size } = statSync(file());
        writeFileSync(file(), Buffer.alloc(size - 2 * 4096, 0xa5), { flag: 'r+' });
      },
    };

    for (const [what, damage] of Object.entries(damages)) {
      it(`are reported and set aside, never emptied: ${what}`, async () => {
        await write('before');
        damage();
        const { size } = statSync(file());
        deepEqual(await notes(), []);
        equal(disk.reports.length, 1);
        match(disk.reports[0]!, /damaged .* set aside as .*opt-outs too/);
        const aside = readdirSync(disk.folder).filter((name) => /\.damaged-[\dTZ-]+$/.test(name));
        equal(aside.length, 1);
        equal(statSync(join(disk.folder, aside[0]!)).size, size);
      });
    }
  });

  it('lose nothing acknowledged when the process is killed', async () => {
    const acknowledged: string[] = [];
    let first = 0;
    for (const wanted of [1, 17, 64, 200]) {
      const { child, lines } = startWorker('writing-worker', disk.folder, String(first));
      let count = 0;
      for await (const line of lines) {
        acknowledged.push(line);
        if (++count === wanted) child.kill('SIGKILL');
      }
      first += 10_000;
    }
    const { records, reports } = noteRecords(disk.open());
    const kept = new Set<string>();
    for (let contact = 0; contact < 50; contact += 1) {
      const { record } = await records.read(names({ waId: `3460000${contact}` }));
      record.notes.forEach((text) => kept.add(text));
    }
    ok(acknowledged.length >= 282);
    deepEqual(
      acknowledged.filter((text) => !kept.has(text)),
      [],
    );
    deepEqual([...reports, ...disk.reports], []);
  });
});
