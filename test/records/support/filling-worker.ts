import { openStore } from './open-store';

/** Fills a disk until it is full, then makes room and writes again; prints what it saw: `<place>`. */
async function main([place]: string[]): Promise<void> {
  const { store, close } = openStore(place!);
  const text = 'x'.repeat(50_000);
  let kept = 0;
  let fault: unknown;
  while (fault === undefined) {
    await store.set(new Map([[`key-${kept}`, text]])).then(
      () => (kept += 1),
      (error: unknown) => (fault = error),
    );
  }
  const { code, message } = fault as Error & { code: string };
  const all = Array.from({ length: kept + 1 }, (_, i) => `key-${i}`);
  const found = (await store.get(all)).filter((value) => value === text).length;
  await store.set(new Map(all.slice(0, 5).map((key) => [key, undefined])));
  await store.set(new Map([['key-0', 'small']]));
  const [again] = await store.get(['key-0']);
  process.stdout.write(`${JSON.stringify({ code, message, isWhole: found === kept, again })}\n`);
  await close();
}

void main(process.argv.slice(2));
