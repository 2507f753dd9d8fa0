import { openStore } from './open-store';

/** Fills a disk until it is full, then makes room and writes again; prints what it saw: `<place>`. */
async function main([place]: string[]): Promise<void> {
  const { store, close } = openStore(place!);
  const text = 'x'.repeat(50_000);
  const fill = async (kept: number): Promise<{ kept: number; fault: Error & { code: string } }> => {
    try {
      await store.set(new Map([[`key-${kept}`, text]]));
    } catch (error) {
      return { kept, fault: error as Error & { code: string } };
    }
    return fill(kept + 1);
  };
  const { kept, fault } = await fill(0);
  const all = Array.from({ length: kept + 1 }, (_, i) => `key-${i}`);
  const found = (await store.get(all)).filter((value) => value === text).length;
  await store.set(new Map(all.slice(0, 5).map((key) => [key, undefined])));
  await store.set(new Map([['key-0', 'small']]));
  const [again] = await store.get(['key-0']);
  const { code, message } = fault;
  process.stdout.write(`${JSON.stringify({ code, message, isWhole: found === kept, again })}\n`);
  await close();
}

void main(process.argv.slice(2));
